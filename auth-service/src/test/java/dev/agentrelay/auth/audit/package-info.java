@NullMarked
package dev.agentrelay.auth.audit;

import org.jspecify.annotations.NullMarked;
