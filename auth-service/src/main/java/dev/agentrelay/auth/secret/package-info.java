/** The service's own secret and what is derived from it. */
@NullMarked
package dev.agentrelay.auth.secret;

import org.jspecify.annotations.NullMarked;
