/** The settings that every service shares. */
@NullMarked
package dev.agentrelay.platform.config;

import org.jspecify.annotations.NullMarked;
