/** A stand-in for auth-service, so that any service's tests can have callers. */
@NullMarked
package dev.agentrelay.testkit.identity;

import org.jspecify.annotations.NullMarked;
