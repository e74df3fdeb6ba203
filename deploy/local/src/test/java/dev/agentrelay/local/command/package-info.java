@NullMarked
package dev.agentrelay.local.command;

import org.jspecify.annotations.NullMarked;
