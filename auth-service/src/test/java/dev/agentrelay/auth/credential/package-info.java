/** What callers show. */
@NullMarked
package dev.agentrelay.auth.credential;

import org.jspecify.annotations.NullMarked;
