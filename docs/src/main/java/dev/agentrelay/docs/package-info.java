/** Documents that are made from the code. */
@NullMarked
package dev.agentrelay.docs;

import org.jspecify.annotations.NullMarked;
