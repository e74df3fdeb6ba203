/** Which payloads a subscription or listener wants. */
@NullMarked
package dev.agentrelay.trigger.filter;

import org.jspecify.annotations.NullMarked;
