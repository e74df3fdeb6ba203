/** The stores and the services of one relay. */
@NullMarked
package dev.agentrelay.local.suite;

import org.jspecify.annotations.NullMarked;
