/** Whether the API is described. */
@NullMarked
package dev.agentrelay.auth.document;

import org.jspecify.annotations.NullMarked;
