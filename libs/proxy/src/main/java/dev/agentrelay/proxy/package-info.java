/**
 * Passes HTTP and WebSocket traffic on to another server as a stream. {@link
 * dev.agentrelay.proxy.ReverseProxy} is the door.
 */
@NullMarked
package dev.agentrelay.proxy;

import org.jspecify.annotations.NullMarked;
