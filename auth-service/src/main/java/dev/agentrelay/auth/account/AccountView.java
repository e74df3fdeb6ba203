package dev.agentrelay.auth.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An account as clients see it (rest.md 2.4). */
public record AccountView(
    String name,
    String email,
    boolean emailVerified,
    @Nullable String image,
    Instant createdAt,
    Instant updatedAt,
    String id) {

  public static AccountView of(Account account) {
    return new AccountView(
        account.name,
        account.email,
        account.emailVerified,
        account.image,
        account.createdAt,
        account.updatedAt,
        account.id);
  }
}
