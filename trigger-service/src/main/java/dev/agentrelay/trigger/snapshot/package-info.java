/** What a daemon is told of its subscriptions when it registers (sockets.md 4.17). */
@NullMarked
package dev.agentrelay.trigger.snapshot;

import org.jspecify.annotations.NullMarked;
