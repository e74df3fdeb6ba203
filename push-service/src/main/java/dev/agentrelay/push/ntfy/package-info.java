/** The second channel, for the mobile shell. */
@NullMarked
package dev.agentrelay.push.ntfy;

import org.jspecify.annotations.NullMarked;
