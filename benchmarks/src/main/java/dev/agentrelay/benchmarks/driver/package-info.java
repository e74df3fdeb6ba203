/** Workers, viewers and hubs that cost next to nothing: Socket.IO spoken by hand on plain TCP. */
@NullMarked
package dev.agentrelay.benchmarks.driver;

import org.jspecify.annotations.NullMarked;
