/** Takes what other services say on Kafka. */
@NullMarked
package dev.agentrelay.platform.event;

import org.jspecify.annotations.NullMarked;
