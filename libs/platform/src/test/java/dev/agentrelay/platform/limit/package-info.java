/** How much somebody may do or have. */
@NullMarked
package dev.agentrelay.platform.limit;

import org.jspecify.annotations.NullMarked;
