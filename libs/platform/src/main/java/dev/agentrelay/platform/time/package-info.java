/** The time of day that all replicas go by. */
@NullMarked
package dev.agentrelay.platform.time;

import org.jspecify.annotations.NullMarked;
