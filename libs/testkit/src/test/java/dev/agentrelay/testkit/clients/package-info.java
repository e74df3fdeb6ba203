@NullMarked
package dev.agentrelay.testkit.clients;

import org.jspecify.annotations.NullMarked;
