@NullMarked
package dev.agentrelay.tunnel.wire;

import org.jspecify.annotations.NullMarked;
