/** What stands on the other side of push notifications: providers and browsers. */
@NullMarked
package dev.agentrelay.testkit.push;

import org.jspecify.annotations.NullMarked;
