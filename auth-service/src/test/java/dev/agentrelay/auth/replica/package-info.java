/** The built service, several times on the same stores. */
@NullMarked
package dev.agentrelay.auth.replica;

import org.jspecify.annotations.NullMarked;
