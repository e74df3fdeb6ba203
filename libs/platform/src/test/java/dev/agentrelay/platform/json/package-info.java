@NullMarked
package dev.agentrelay.platform.json;

import org.jspecify.annotations.NullMarked;
