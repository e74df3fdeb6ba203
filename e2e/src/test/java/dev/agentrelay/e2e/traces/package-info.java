/** Whether one request can be followed through all services. */
@NullMarked
package dev.agentrelay.e2e.traces;

import org.jspecify.annotations.NullMarked;
