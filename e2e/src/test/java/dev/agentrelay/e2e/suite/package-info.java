/** The running suite that all tests share. */
@NullMarked
package dev.agentrelay.e2e.suite;

import org.jspecify.annotations.NullMarked;
