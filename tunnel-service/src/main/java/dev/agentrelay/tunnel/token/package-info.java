/** Signed tokens that open one tunnel without a cookie (tunnel.md 7). */
@NullMarked
package dev.agentrelay.tunnel.token;

import org.jspecify.annotations.NullMarked;
