/** JSON that is passed on: cut into slices and put together again, never re-encoded. */
@NullMarked
package dev.agentrelay.gateway.json;

import org.jspecify.annotations.NullMarked;
