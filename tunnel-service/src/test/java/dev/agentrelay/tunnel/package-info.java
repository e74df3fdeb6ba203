@NullMarked
package dev.agentrelay.tunnel;

import org.jspecify.annotations.NullMarked;
