/** More than one replica of the service that a test is about. */
@NullMarked
package dev.agentrelay.testkit.replica;

import org.jspecify.annotations.NullMarked;
