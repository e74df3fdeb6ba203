/** What the launcher keeps in its data folder: secrets, ports, who runs. */
@NullMarked
package dev.agentrelay.local.data;

import org.jspecify.annotations.NullMarked;
