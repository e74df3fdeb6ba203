/** Images that workers send inside their transcripts, and where they are kept instead. */
@NullMarked
package dev.agentrelay.gateway.attachment;

import org.jspecify.annotations.NullMarked;
