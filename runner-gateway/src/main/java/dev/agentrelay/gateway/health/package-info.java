/** The health answer that clients read. */
@NullMarked
package dev.agentrelay.gateway.health;

import org.jspecify.annotations.NullMarked;
