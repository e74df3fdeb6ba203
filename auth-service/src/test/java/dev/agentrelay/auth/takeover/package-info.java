@NullMarked
package dev.agentrelay.auth.takeover;

import org.jspecify.annotations.NullMarked;
