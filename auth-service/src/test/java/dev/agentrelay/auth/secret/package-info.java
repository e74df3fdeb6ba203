@NullMarked
package dev.agentrelay.auth.secret;

import org.jspecify.annotations.NullMarked;
