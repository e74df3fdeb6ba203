/** The log of what happened in each session, for programs that read it by a cursor. */
@NullMarked
package dev.agentrelay.session.events;

import org.jspecify.annotations.NullMarked;
