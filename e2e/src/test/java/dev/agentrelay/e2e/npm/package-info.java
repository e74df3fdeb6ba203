/** Programs that tests get from npm. */
@NullMarked
package dev.agentrelay.e2e.npm;

import org.jspecify.annotations.NullMarked;
