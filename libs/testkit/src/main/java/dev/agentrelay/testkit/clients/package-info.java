/**
 * Clients that behave on the wire like the published daemon, worker and browser, over real
 * Socket.IO connections. Payloads stay the client library's raw {@code org.json} objects. Nothing
 * here sleeps: every wait has a limit and ends as soon as its condition holds.
 */
@NullMarked
package dev.agentrelay.testkit.clients;

import org.jspecify.annotations.NullMarked;
