/** The runners' tunnel connections: registration, life, streams, and which replica holds which. */
@NullMarked
package dev.agentrelay.tunnel.connection;

import org.jspecify.annotations.NullMarked;
