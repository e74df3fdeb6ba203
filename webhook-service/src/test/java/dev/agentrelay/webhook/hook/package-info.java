@NullMarked
package dev.agentrelay.webhook.hook;

import org.jspecify.annotations.NullMarked;
