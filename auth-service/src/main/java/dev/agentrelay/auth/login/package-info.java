/** Signing up, in and out, and the login sessions behind the cookie. */
@NullMarked
package dev.agentrelay.auth.login;

import org.jspecify.annotations.NullMarked;
