/** What viewers ask for: gates, HTTP exchanges and WebSockets through a tunnel. */
@NullMarked
package dev.agentrelay.tunnel.viewer;

import org.jspecify.annotations.NullMarked;
