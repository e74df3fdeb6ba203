/** What the gateways say of live sessions. */
@NullMarked
package dev.agentrelay.session.live;

import org.jspecify.annotations.NullMarked;
