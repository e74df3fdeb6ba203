/** Sessions that a user wants to keep. */
@NullMarked
package dev.agentrelay.session.pin;

import org.jspecify.annotations.NullMarked;
