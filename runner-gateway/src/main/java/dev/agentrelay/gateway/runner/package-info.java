/** Runners: the daemon's namespace /runner, the feed /runners and the runner records. */
@NullMarked
package dev.agentrelay.gateway.runner;

import org.jspecify.annotations.NullMarked;
