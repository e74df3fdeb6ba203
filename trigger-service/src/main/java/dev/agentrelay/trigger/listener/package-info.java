/** Rules that start a session when a type is said (rest.md 4.9). */
@NullMarked
package dev.agentrelay.trigger.listener;

import org.jspecify.annotations.NullMarked;
