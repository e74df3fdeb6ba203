@NullMarked
package dev.agentrelay.gateway.json;

import org.jspecify.annotations.NullMarked;
