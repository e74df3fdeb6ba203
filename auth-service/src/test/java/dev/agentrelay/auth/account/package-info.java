@NullMarked
package dev.agentrelay.auth.account;

import org.jspecify.annotations.NullMarked;
