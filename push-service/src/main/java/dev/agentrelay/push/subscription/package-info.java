/** The browsers and phones of a user. */
@NullMarked
package dev.agentrelay.push.subscription;

import org.jspecify.annotations.NullMarked;
