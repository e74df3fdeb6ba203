@NullMarked
package dev.agentrelay.platform;

import org.jspecify.annotations.NullMarked;
