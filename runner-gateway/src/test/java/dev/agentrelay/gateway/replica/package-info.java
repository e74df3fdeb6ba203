/** Two processes of the gateway on the same stores. */
@NullMarked
package dev.agentrelay.gateway.replica;

import org.jspecify.annotations.NullMarked;
