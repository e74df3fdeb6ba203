/** Files that travel with a session, in both directions (rest.md 5.2). */
@NullMarked
package dev.agentrelay.session.attachment;

import org.jspecify.annotations.NullMarked;
