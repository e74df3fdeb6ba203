/** What one user may have of the gateways' things. */
@NullMarked
package dev.agentrelay.gateway.quota;

import org.jspecify.annotations.NullMarked;
