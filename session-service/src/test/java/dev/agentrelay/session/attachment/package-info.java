@NullMarked
package dev.agentrelay.session.attachment;

import org.jspecify.annotations.NullMarked;
