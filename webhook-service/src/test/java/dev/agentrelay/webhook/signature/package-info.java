@NullMarked
package dev.agentrelay.webhook.signature;

import org.jspecify.annotations.NullMarked;
