/** Tells people what their agents want while nobody looks, and takes the answer. */
@NullMarked
package dev.agentrelay.push;

import org.jspecify.annotations.NullMarked;
