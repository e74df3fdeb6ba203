@NullMarked
package dev.agentrelay.push.delivery;

import org.jspecify.annotations.NullMarked;
