/** The published CLI against the relay. */
@NullMarked
package dev.agentrelay.e2e.cli;

import org.jspecify.annotations.NullMarked;
