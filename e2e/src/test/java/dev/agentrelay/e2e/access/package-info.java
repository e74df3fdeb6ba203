/** Who may do what, the same in front of every service (rest.md 1). */
@NullMarked
package dev.agentrelay.e2e.access;

import org.jspecify.annotations.NullMarked;
