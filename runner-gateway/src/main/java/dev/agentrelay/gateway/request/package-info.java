/** Commands that a daemon carries out and answers, whichever replica holds it. */
@NullMarked
package dev.agentrelay.gateway.request;

import org.jspecify.annotations.NullMarked;
