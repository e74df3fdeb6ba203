@NullMarked
package dev.agentrelay.auth.register;

import org.jspecify.annotations.NullMarked;
