@NullMarked
package dev.agentrelay.benchmarks.driver;

import org.jspecify.annotations.NullMarked;
