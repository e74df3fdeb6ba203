/** Runners' local web apps through the relay. */
@NullMarked
package dev.agentrelay.tunnel;

import org.jspecify.annotations.NullMarked;
