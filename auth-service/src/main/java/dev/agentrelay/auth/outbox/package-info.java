/** Events that are written with the change that causes them, and said on Kafka once that holds. */
@NullMarked
package dev.agentrelay.auth.outbox;

import org.jspecify.annotations.NullMarked;
