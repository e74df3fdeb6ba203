/** What holds for every request of this service. */
@NullMarked
package dev.agentrelay.trigger.web;

import org.jspecify.annotations.NullMarked;
