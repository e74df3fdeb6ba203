/** What whoever operates the relay sees: replicas, accounts, the audit trail. */
@NullMarked
package dev.agentrelay.auth.operator;

import org.jspecify.annotations.NullMarked;
