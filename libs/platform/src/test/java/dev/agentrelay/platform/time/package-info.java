@NullMarked
package dev.agentrelay.platform.time;

import org.jspecify.annotations.NullMarked;
