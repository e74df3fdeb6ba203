/** Services as processes of their own. */
@NullMarked
package dev.agentrelay.testkit.replica;

import org.jspecify.annotations.NullMarked;
