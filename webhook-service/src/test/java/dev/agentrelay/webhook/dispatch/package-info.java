@NullMarked
package dev.agentrelay.webhook.dispatch;

import org.jspecify.annotations.NullMarked;
