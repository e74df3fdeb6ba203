@NullMarked
package dev.agentrelay.platform.metric;

import org.jspecify.annotations.NullMarked;
