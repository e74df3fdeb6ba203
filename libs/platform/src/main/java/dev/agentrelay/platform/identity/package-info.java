/** Who a caller is, asked of auth-service once and remembered. */
@NullMarked
package dev.agentrelay.platform.identity;

import org.jspecify.annotations.NullMarked;
