/** What each running replica tells of itself, for whoever operates the relay. */
@NullMarked
package dev.agentrelay.platform.report;

import org.jspecify.annotations.NullMarked;
