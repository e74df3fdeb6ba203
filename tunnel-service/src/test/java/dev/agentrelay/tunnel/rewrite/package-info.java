@NullMarked
package dev.agentrelay.tunnel.rewrite;

import org.jspecify.annotations.NullMarked;
