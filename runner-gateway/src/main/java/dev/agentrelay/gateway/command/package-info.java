/** Commands that other services send over Kafka. */
@NullMarked
package dev.agentrelay.gateway.command;

import org.jspecify.annotations.NullMarked;
