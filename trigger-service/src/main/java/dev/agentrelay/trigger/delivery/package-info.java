/** Handing triggers to workers and knowing what became of them (rest.md 5.3, 5.6). */
@NullMarked
package dev.agentrelay.trigger.delivery;

import org.jspecify.annotations.NullMarked;
