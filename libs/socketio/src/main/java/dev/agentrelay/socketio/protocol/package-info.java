/** The Socket.IO 5 packet codec: bytes in, packets out, without knowledge of connections. */
@NullMarked
package dev.agentrelay.socketio.protocol;

import org.jspecify.annotations.NullMarked;
