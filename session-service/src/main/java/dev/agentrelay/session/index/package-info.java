/** The table of sessions, fed by the events of the gateway. */
@NullMarked
package dev.agentrelay.session.index;

import org.jspecify.annotations.NullMarked;
