/** REST as browsers and scripts use it, through the edge. */
@NullMarked
package dev.agentrelay.e2e.rest;

import org.jspecify.annotations.NullMarked;
