/** The gateway's configuration. */
@NullMarked
package dev.agentrelay.gateway.config;

import org.jspecify.annotations.NullMarked;
