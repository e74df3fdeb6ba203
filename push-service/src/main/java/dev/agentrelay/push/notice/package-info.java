/** What is worth telling, and to whom. */
@NullMarked
package dev.agentrelay.push.notice;

import org.jspecify.annotations.NullMarked;
