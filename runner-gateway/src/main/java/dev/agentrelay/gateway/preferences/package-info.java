/** Workers hear what their users prefer. */
@NullMarked
package dev.agentrelay.gateway.preferences;

import org.jspecify.annotations.NullMarked;
