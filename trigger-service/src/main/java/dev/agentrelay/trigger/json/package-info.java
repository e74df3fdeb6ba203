/** JSON as it is stored. */
@NullMarked
package dev.agentrelay.trigger.json;

import org.jspecify.annotations.NullMarked;
