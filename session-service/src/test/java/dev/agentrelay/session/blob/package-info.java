@NullMarked
package dev.agentrelay.session.blob;

import org.jspecify.annotations.NullMarked;
