@NullMarked
package dev.agentrelay.platform.identity;

import org.jspecify.annotations.NullMarked;
