/** Credentials in, signed identities out, for the other services. */
@NullMarked
package dev.agentrelay.auth.exchange;

import org.jspecify.annotations.NullMarked;
