/** Web Push: encryption, signature, and the way to the provider. */
@NullMarked
package dev.agentrelay.push.web;

import org.jspecify.annotations.NullMarked;
