@NullMarked
package dev.agentrelay.auth.console;

import org.jspecify.annotations.NullMarked;
