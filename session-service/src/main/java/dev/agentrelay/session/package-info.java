/** The list of sessions and what outlives a worker. */
@NullMarked
package dev.agentrelay.session;

import org.jspecify.annotations.NullMarked;
