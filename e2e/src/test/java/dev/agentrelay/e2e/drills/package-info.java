/** Fault drills: a load that keeps a ledger goes on while parts of the suite are ended. */
@NullMarked
package dev.agentrelay.e2e.drills;

import org.jspecify.annotations.NullMarked;
