@NullMarked
package dev.agentrelay.contracts;

import org.jspecify.annotations.NullMarked;
