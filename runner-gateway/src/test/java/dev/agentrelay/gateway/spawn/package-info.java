@NullMarked
package dev.agentrelay.gateway.spawn;

import org.jspecify.annotations.NullMarked;
