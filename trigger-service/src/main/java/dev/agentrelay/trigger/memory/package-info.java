/** Forgetting what nobody needs any more. */
@NullMarked
package dev.agentrelay.trigger.memory;

import org.jspecify.annotations.NullMarked;
