package dev.agentrelay.trigger.session;

import dev.agentrelay.contracts.SessionId;

/** A session has ended; said inside the transaction that remembers it. */
public record SessionOver(SessionId sessionId) {}
