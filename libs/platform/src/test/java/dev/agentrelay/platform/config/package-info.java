@NullMarked
package dev.agentrelay.platform.config;

import org.jspecify.annotations.NullMarked;
