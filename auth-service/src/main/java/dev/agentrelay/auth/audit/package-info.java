/** What was done with accounts and keys, by whom and from where. */
@NullMarked
package dev.agentrelay.auth.audit;

import org.jspecify.annotations.NullMarked;
