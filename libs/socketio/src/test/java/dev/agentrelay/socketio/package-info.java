@NullMarked
package dev.agentrelay.socketio;

import org.jspecify.annotations.NullMarked;
