/** Figures, their bars and the table they end in. */
@NullMarked
package dev.agentrelay.benchmarks.report;

import org.jspecify.annotations.NullMarked;
