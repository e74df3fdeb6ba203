/** The folders that a user starts sessions in. */
@NullMarked
package dev.agentrelay.gateway.folders;

import org.jspecify.annotations.NullMarked;
