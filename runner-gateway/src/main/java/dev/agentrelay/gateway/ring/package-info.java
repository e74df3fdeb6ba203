/**
 * The last events of a session in Redis: written by the session's owner, read by whoever shows it.
 */
@NullMarked
package dev.agentrelay.gateway.ring;

import org.jspecify.annotations.NullMarked;
