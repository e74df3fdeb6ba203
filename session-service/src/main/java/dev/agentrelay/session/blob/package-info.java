/** Where the content of attachments lies. */
@NullMarked
package dev.agentrelay.session.blob;

import org.jspecify.annotations.NullMarked;
