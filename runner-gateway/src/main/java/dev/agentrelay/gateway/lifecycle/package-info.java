/** What the gateway tells the other services about sessions and runners. */
@NullMarked
package dev.agentrelay.gateway.lifecycle;

import org.jspecify.annotations.NullMarked;
