@NullMarked
package dev.agentrelay.auth;

import org.jspecify.annotations.NullMarked;
