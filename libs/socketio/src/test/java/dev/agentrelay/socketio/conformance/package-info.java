/** The server that the official protocol suites run against. */
@NullMarked
package dev.agentrelay.socketio.conformance;

import org.jspecify.annotations.NullMarked;
