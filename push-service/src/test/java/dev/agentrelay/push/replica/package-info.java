@NullMarked
package dev.agentrelay.push.replica;

import org.jspecify.annotations.NullMarked;
