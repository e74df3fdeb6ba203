@NullMarked
package dev.agentrelay.local.edge;

import org.jspecify.annotations.NullMarked;
