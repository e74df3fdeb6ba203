/** Behaviour of trigger-service over HTTP, Kafka, Redis and Postgres. */
@NullMarked
package dev.agentrelay.trigger;

import org.jspecify.annotations.NullMarked;
