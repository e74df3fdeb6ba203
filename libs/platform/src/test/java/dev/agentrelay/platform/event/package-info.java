@NullMarked
package dev.agentrelay.platform.event;

import org.jspecify.annotations.NullMarked;
