/** The live state, read where a request may wait. */
@NullMarked
package dev.agentrelay.trigger.live;

import org.jspecify.annotations.NullMarked;
