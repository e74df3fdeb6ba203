/** Socket.IO frame by frame, for what client libraries hide or refuse to do. */
@NullMarked
package dev.agentrelay.e2e.wire;

import org.jspecify.annotations.NullMarked;
