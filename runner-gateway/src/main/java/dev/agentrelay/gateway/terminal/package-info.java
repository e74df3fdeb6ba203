/** Terminals: shells on a runner's machine that browsers look at. */
@NullMarked
package dev.agentrelay.gateway.terminal;

import org.jspecify.annotations.NullMarked;
