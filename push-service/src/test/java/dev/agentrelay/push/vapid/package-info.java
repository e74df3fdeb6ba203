@NullMarked
package dev.agentrelay.push.vapid;

import org.jspecify.annotations.NullMarked;
