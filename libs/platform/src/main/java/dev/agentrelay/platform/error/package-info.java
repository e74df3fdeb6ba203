/** One funnel for every failure of a REST call. */
@NullMarked
package dev.agentrelay.platform.error;

import org.jspecify.annotations.NullMarked;
