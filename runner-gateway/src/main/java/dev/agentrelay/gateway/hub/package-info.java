/** The session list's namespace, /hub. */
@NullMarked
package dev.agentrelay.gateway.hub;

import org.jspecify.annotations.NullMarked;
