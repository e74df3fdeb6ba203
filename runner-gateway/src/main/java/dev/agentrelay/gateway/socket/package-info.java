/**
 * The Socket.IO server inside the gateway: where it is mounted, who may connect, and how it stops.
 */
@NullMarked
package dev.agentrelay.gateway.socket;

import org.jspecify.annotations.NullMarked;
