/** What is measured: the built gateway on real stores, and what its processes use. */
@NullMarked
package dev.agentrelay.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
