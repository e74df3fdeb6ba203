/** Two processes of the service on the same stores. */
@NullMarked
package dev.agentrelay.trigger.replica;

import org.jspecify.annotations.NullMarked;
