/** Telling every service that a credential is over. */
@NullMarked
package dev.agentrelay.auth.revocation;

import org.jspecify.annotations.NullMarked;
