/** The relay's own web page. */
@NullMarked
package dev.agentrelay.auth.console;

import org.jspecify.annotations.NullMarked;
