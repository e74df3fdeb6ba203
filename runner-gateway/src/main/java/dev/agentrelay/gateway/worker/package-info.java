/** The worker's namespace, /relay. */
@NullMarked
package dev.agentrelay.gateway.worker;

import org.jspecify.annotations.NullMarked;
