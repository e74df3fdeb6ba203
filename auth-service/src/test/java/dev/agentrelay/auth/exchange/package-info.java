@NullMarked
package dev.agentrelay.auth.exchange;

import org.jspecify.annotations.NullMarked;
