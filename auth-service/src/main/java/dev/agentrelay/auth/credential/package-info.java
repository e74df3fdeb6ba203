/** What callers show, keys and logins: how it is kept and checked. */
@NullMarked
package dev.agentrelay.auth.credential;

import org.jspecify.annotations.NullMarked;
