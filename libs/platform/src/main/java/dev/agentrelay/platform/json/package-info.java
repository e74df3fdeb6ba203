/** How ids, events and times look as JSON, the same in every service. */
@NullMarked
package dev.agentrelay.platform.json;

import org.jspecify.annotations.NullMarked;
