@NullMarked
package dev.agentrelay.tunnel.token;

import org.jspecify.annotations.NullMarked;
