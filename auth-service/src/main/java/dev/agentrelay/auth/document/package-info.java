/** The description of the whole relay's API, made by the module docs. */
@NullMarked
package dev.agentrelay.auth.document;

import org.jspecify.annotations.NullMarked;
