/** Outside events that reach running agents and start new ones. */
@NullMarked
package dev.agentrelay.trigger;

import org.jspecify.annotations.NullMarked;
