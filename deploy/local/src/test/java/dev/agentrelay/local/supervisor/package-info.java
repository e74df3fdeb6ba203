@NullMarked
package dev.agentrelay.local.supervisor;

import org.jspecify.annotations.NullMarked;
