/** Which processes of this service run. */
@NullMarked
package dev.agentrelay.trigger.replica;

import org.jspecify.annotations.NullMarked;
