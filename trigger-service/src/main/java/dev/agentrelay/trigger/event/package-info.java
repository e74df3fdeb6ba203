/** The event interface of newer clients (rest.md 7.7). */
@NullMarked
package dev.agentrelay.trigger.event;

import org.jspecify.annotations.NullMarked;
