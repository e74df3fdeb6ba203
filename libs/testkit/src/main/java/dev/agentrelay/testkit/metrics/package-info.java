/** What an operator reads on a service's management port. */
@NullMarked
package dev.agentrelay.testkit.metrics;

import org.jspecify.annotations.NullMarked;
