@NullMarked
package dev.agentrelay.gateway.viewer;

import org.jspecify.annotations.NullMarked;
