/** What a device shows. */
@NullMarked
package dev.agentrelay.push.notification;

import org.jspecify.annotations.NullMarked;
