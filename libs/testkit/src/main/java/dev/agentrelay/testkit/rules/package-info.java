/** What the code of every service keeps to. */
@NullMarked
package dev.agentrelay.testkit.rules;

import org.jspecify.annotations.NullMarked;
