/** From measured costs to what a large relay needs. */
@NullMarked
package dev.agentrelay.benchmarks.capacity;

import org.jspecify.annotations.NullMarked;
