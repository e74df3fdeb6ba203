/** What log lines tell of the request that they belong to. */
@NullMarked
package dev.agentrelay.platform.log;

import org.jspecify.annotations.NullMarked;
