/** Accounts, login sessions and API keys. */
@NullMarked
package dev.agentrelay.auth;

import org.jspecify.annotations.NullMarked;
