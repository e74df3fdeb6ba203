/** The gateway's connections to Redis: pipelined commands, scripts and subscriptions. */
@NullMarked
package dev.agentrelay.gateway.redis;

import org.jspecify.annotations.NullMarked;
