@NullMarked
package dev.agentrelay.push.ntfy;

import org.jspecify.annotations.NullMarked;
