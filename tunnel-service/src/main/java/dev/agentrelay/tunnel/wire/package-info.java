/** The frames of {@code /_tunnel} (tunnel.md 2.2 to 2.4). */
@NullMarked
package dev.agentrelay.tunnel.wire;

import org.jspecify.annotations.NullMarked;
