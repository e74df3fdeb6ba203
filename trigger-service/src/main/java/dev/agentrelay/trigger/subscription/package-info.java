/** Sessions that want to hear of a type (rest.md 5.5). */
@NullMarked
package dev.agentrelay.trigger.subscription;

import org.jspecify.annotations.NullMarked;
