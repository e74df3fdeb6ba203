/** Which sessions are children of which. */
@NullMarked
package dev.agentrelay.gateway.link;

import org.jspecify.annotations.NullMarked;
