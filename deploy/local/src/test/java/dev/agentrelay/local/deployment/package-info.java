@NullMarked
package dev.agentrelay.local.deployment;

import org.jspecify.annotations.NullMarked;
