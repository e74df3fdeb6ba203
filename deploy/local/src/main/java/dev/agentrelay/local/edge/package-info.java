/** The one public port: routes, web UI, start page. */
@NullMarked
package dev.agentrelay.local.edge;

import org.jspecify.annotations.NullMarked;
