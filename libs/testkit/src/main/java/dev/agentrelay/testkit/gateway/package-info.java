/** A stand-in for the gateways, so that services can be tested that send them commands. */
@NullMarked
package dev.agentrelay.testkit.gateway;

import org.jspecify.annotations.NullMarked;
