/**
 * Real Postgres, Redis and Kafka as child processes on loopback, for tests and for the local
 * launcher. {@link dev.agentrelay.testkit.stores.SharedStores} is the door for tests.
 */
@NullMarked
package dev.agentrelay.testkit.stores;

import org.jspecify.annotations.NullMarked;
