@NullMarked
package dev.agentrelay.auth.preferences;

import org.jspecify.annotations.NullMarked;
