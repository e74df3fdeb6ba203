/** Several gateway replicas, and what becomes of clients when one goes. */
@NullMarked
package dev.agentrelay.e2e.replicas;

import org.jspecify.annotations.NullMarked;
