@NullMarked
package dev.agentrelay.push;

import org.jspecify.annotations.NullMarked;
