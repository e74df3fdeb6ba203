/** What the services measure, under names that are written once. */
@NullMarked
package dev.agentrelay.platform.metric;

import org.jspecify.annotations.NullMarked;
