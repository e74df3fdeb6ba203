/** What workers and viewers send to other sessions: triggers, their answers, messages. */
@NullMarked
package dev.agentrelay.gateway.trigger;

import org.jspecify.annotations.NullMarked;
