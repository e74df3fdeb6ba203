/** What every call under /api/auth has in common. */
@NullMarked
package dev.agentrelay.auth.web;

import org.jspecify.annotations.NullMarked;
