/**
 * The live state that the gateway keeps in Redis: its keys, and the one reader for everybody else.
 * Only the gateway writes it.
 */
@NullMarked
package dev.agentrelay.platform.live;

import org.jspecify.annotations.NullMarked;
