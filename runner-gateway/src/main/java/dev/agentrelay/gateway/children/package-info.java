/** What workers do about their children and their parent. */
@NullMarked
package dev.agentrelay.gateway.children;

import org.jspecify.annotations.NullMarked;
