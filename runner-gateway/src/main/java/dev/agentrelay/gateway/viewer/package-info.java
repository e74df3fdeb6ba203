/** The viewer's namespace, /viewer. */
@NullMarked
package dev.agentrelay.gateway.viewer;

import org.jspecify.annotations.NullMarked;
