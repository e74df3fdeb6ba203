/** Points what an app says about its own addresses at its tunnel (tunnel.md 4), as a stream. */
@NullMarked
package dev.agentrelay.tunnel.rewrite;

import org.jspecify.annotations.NullMarked;
