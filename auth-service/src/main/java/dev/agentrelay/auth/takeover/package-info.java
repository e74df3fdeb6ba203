/** Taking over the people of a PizzaPi relay. */
@NullMarked
package dev.agentrelay.auth.takeover;

import org.jspecify.annotations.NullMarked;
