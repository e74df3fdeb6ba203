/** How a session with everything that belongs to it goes away. */
@NullMarked
package dev.agentrelay.session.removal;

import org.jspecify.annotations.NullMarked;
