@NullMarked
package dev.agentrelay.e2e.console;

import org.jspecify.annotations.NullMarked;
