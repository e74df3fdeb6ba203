/** The last states of sessions, for those who look at one that has ended. */
@NullMarked
package dev.agentrelay.session.snapshot;

import org.jspecify.annotations.NullMarked;
