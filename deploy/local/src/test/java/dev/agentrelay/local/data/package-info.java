@NullMarked
package dev.agentrelay.local.data;

import org.jspecify.annotations.NullMarked;
