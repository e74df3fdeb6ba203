@NullMarked
package dev.agentrelay.platform.error;

import org.jspecify.annotations.NullMarked;
