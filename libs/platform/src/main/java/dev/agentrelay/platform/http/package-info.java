/** What each REST request passes through before its resource. */
@NullMarked
package dev.agentrelay.platform.http;

import org.jspecify.annotations.NullMarked;
