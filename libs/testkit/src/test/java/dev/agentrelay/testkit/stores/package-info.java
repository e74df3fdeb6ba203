@NullMarked
package dev.agentrelay.testkit.stores;

import org.jspecify.annotations.NullMarked;
