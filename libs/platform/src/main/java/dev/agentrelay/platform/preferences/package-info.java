/** What users prefer, asked of auth-service and remembered for a moment. */
@NullMarked
package dev.agentrelay.platform.preferences;

import org.jspecify.annotations.NullMarked;
