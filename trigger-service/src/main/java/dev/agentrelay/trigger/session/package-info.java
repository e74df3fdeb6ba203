/** Who owns a session, also after it has ended. */
@NullMarked
package dev.agentrelay.trigger.session;

import org.jspecify.annotations.NullMarked;
