/** Traces that follow one request through the services, as OpenTelemetry has them. */
@NullMarked
package dev.agentrelay.platform.trace;

import org.jspecify.annotations.NullMarked;
