/** How a service has the gateways do something, and hears what came of it. */
@NullMarked
package dev.agentrelay.platform.command;

import org.jspecify.annotations.NullMarked;
