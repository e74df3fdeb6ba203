@NullMarked
package dev.agentrelay.gateway.ring;

import org.jspecify.annotations.NullMarked;
