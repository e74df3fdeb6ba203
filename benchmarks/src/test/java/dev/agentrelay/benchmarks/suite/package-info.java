@NullMarked
package dev.agentrelay.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
