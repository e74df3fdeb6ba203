@NullMarked
package dev.agentrelay.session;

import org.jspecify.annotations.NullMarked;
