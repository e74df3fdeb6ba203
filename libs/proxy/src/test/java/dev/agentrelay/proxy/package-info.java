@NullMarked
package dev.agentrelay.proxy;

import org.jspecify.annotations.NullMarked;
