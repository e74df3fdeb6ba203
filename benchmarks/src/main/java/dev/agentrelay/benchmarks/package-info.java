/** Load that prints a table of figures and bars. */
@NullMarked
package dev.agentrelay.benchmarks;

import org.jspecify.annotations.NullMarked;
