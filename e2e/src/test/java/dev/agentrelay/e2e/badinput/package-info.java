/** Clients that are wrong, hostile or slow. */
@NullMarked
package dev.agentrelay.e2e.badinput;

import org.jspecify.annotations.NullMarked;
