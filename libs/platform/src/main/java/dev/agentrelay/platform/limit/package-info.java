/** How often somebody may do something, counted over all replicas. */
@NullMarked
package dev.agentrelay.platform.limit;

import org.jspecify.annotations.NullMarked;
