/** Answers to a question, given from a notification. */
@NullMarked
package dev.agentrelay.push.answer;

import org.jspecify.annotations.NullMarked;
