@NullMarked
package dev.agentrelay.benchmarks.capacity;

import org.jspecify.annotations.NullMarked;
