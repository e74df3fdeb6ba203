/** Signing up, in and out, and what people do with their logins. */
@NullMarked
package dev.agentrelay.auth.login;

import org.jspecify.annotations.NullMarked;
