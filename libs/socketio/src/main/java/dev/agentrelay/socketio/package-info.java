/**
 * A Socket.IO 5 server on Vert.x: the public API. Start at {@link
 * dev.agentrelay.socketio.SocketIoServer}.
 */
@NullMarked
package dev.agentrelay.socketio;

import org.jspecify.annotations.NullMarked;
