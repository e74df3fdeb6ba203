@NullMarked
package dev.agentrelay.local.suite;

import org.jspecify.annotations.NullMarked;
