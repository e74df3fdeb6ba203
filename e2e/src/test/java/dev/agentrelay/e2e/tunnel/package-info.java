/** Real apps on a published runner, as people see them through the relay. */
@NullMarked
package dev.agentrelay.e2e.tunnel;

import org.jspecify.annotations.NullMarked;
