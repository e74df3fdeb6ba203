@NullMarked
package dev.agentrelay.auth.operator;

import org.jspecify.annotations.NullMarked;
