@NullMarked
package dev.agentrelay.testkit.push;

import org.jspecify.annotations.NullMarked;
