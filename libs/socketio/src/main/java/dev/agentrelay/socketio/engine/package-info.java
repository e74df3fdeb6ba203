/**
 * Engine.IO 4: handshake, polling and WebSocket transports, upgrade, heartbeat, and the bounds of
 * one connection.
 */
@NullMarked
package dev.agentrelay.socketio.engine;

import org.jspecify.annotations.NullMarked;
