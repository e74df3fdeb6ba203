@NullMarked
package dev.agentrelay.auth.apikey;

import org.jspecify.annotations.NullMarked;
