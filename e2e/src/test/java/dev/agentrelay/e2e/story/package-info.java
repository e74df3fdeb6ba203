/** The contract's worked example, frame by frame. */
@NullMarked
package dev.agentrelay.e2e.story;

import org.jspecify.annotations.NullMarked;
