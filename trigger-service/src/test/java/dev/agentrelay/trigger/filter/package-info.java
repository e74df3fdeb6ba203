/** Behaviour of filters. */
@NullMarked
package dev.agentrelay.trigger.filter;

import org.jspecify.annotations.NullMarked;
