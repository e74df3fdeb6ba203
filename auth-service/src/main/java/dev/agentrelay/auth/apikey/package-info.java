/** What people do with their API keys. */
@NullMarked
package dev.agentrelay.auth.apikey;

import org.jspecify.annotations.NullMarked;
