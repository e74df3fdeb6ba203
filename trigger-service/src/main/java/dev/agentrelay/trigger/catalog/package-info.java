/** The trigger types that a runner's services offer. */
@NullMarked
package dev.agentrelay.trigger.catalog;

import org.jspecify.annotations.NullMarked;
