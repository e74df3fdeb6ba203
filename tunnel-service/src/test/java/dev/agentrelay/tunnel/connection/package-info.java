@NullMarked
package dev.agentrelay.tunnel.connection;

import org.jspecify.annotations.NullMarked;
