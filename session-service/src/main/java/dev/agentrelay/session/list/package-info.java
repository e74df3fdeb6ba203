/** The list of a user's sessions, live and persisted. */
@NullMarked
package dev.agentrelay.session.list;

import org.jspecify.annotations.NullMarked;
