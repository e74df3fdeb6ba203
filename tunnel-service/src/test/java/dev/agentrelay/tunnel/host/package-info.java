@NullMarked
package dev.agentrelay.tunnel.host;

import org.jspecify.annotations.NullMarked;
