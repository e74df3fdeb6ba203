/** What is measured of it, one class for each kind of load. */
@NullMarked
package dev.agentrelay.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
