/** A runner whose agent is scripted, for whoever wants to look around. */
@NullMarked
package dev.agentrelay.local.demo;

import org.jspecify.annotations.NullMarked;
