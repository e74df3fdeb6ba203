/** Changes of subscriptions and listeners, told to daemons and viewers in order. */
@NullMarked
package dev.agentrelay.trigger.change;

import org.jspecify.annotations.NullMarked;
