/** The browser that pages are tested in. */
@NullMarked
package dev.agentrelay.e2e.browser;

import org.jspecify.annotations.NullMarked;
