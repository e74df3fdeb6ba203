/** REST calls that a runner or a worker answers or is told of (rest.md 4, 7.2, 7.3). */
@NullMarked
package dev.agentrelay.gateway.routes;

import org.jspecify.annotations.NullMarked;
