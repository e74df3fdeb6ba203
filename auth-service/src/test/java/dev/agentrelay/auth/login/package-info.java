@NullMarked
package dev.agentrelay.auth.login;

import org.jspecify.annotations.NullMarked;
