/** What has had its time goes. */
@NullMarked
package dev.agentrelay.auth.expiry;

import org.jspecify.annotations.NullMarked;
