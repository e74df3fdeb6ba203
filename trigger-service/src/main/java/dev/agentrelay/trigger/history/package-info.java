/** What a session was told (rest.md 5.4). */
@NullMarked
package dev.agentrelay.trigger.history;

import org.jspecify.annotations.NullMarked;
