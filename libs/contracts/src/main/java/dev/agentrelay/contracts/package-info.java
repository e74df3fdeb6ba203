/** What services say to each other. Plain records, no framework. */
@NullMarked
package dev.agentrelay.contracts;

import org.jspecify.annotations.NullMarked;
