@NullMarked
package dev.agentrelay.benchmarks.report;

import org.jspecify.annotations.NullMarked;
