package dev.agentrelay.auth.login;

import dev.agentrelay.auth.credential.LoginSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login session as clients see it (rest.md 2.4).
 *
 * @param token the cookie's token where that is known, as it is only of the session that asks;
 *     otherwise the id, which revokes the session as well; empty for a caller with an API key
 */
record SessionView(
    Instant expiresAt,
    String token,
    Instant createdAt,
    Instant updatedAt,
    @Nullable String ipAddress,
    @Nullable String userAgent,
    String userId,
    String id) {

  static SessionView of(LoginSession session, String token) {
    return new SessionView(
        session.expiresAt,
        token,
        session.createdAt,
        session.updatedAt,
        session.ipAddress,
        session.userAgent,
        session.accountId,
        session.id);
  }
}
