/** Whether documents say what the code does. */
@NullMarked
package dev.agentrelay.docs;

import org.jspecify.annotations.NullMarked;
