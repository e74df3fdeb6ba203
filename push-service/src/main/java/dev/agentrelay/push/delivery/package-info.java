/** Each notification to each device, until its end is known. */
@NullMarked
package dev.agentrelay.push.delivery;

import org.jspecify.annotations.NullMarked;
