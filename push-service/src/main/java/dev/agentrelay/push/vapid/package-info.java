/** The key pair that push providers know this relay by. */
@NullMarked
package dev.agentrelay.push.vapid;

import org.jspecify.annotations.NullMarked;
