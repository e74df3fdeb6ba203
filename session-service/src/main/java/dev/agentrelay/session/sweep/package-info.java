/** What is done now and then, by one replica of the cluster at a time. */
@NullMarked
package dev.agentrelay.session.sweep;

import org.jspecify.annotations.NullMarked;
