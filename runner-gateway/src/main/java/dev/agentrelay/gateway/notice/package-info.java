/** What is said of agents to those who do not look on. */
@NullMarked
package dev.agentrelay.gateway.notice;

import org.jspecify.annotations.NullMarked;
