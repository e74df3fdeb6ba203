@NullMarked
package dev.agentrelay.platform.http;

import org.jspecify.annotations.NullMarked;
