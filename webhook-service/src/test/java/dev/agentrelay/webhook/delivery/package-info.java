@NullMarked
package dev.agentrelay.webhook.delivery;

import org.jspecify.annotations.NullMarked;
