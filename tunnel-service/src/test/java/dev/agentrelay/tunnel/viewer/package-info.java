@NullMarked
package dev.agentrelay.tunnel.viewer;

import org.jspecify.annotations.NullMarked;
