/** How traces are followed. */
@NullMarked
package dev.agentrelay.platform.trace;

import org.jspecify.annotations.NullMarked;
