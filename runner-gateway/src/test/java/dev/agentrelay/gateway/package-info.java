@NullMarked
package dev.agentrelay.gateway;

import org.jspecify.annotations.NullMarked;
