/** What users prefer, said by tests. */
@NullMarked
package dev.agentrelay.testkit.preferences;

import org.jspecify.annotations.NullMarked;
