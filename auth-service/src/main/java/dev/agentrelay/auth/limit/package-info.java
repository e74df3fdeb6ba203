/** How often a client may try. */
@NullMarked
package dev.agentrelay.auth.limit;

import org.jspecify.annotations.NullMarked;
