package dev.agentrelay.auth.enrolment;

import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.credential.Checked;
import java.time.Duration;
import java.time.Instant;

/** Who approves a device. */
record Approver(Checked.Good credential) {
  Account account() {
    return credential.account();
  }

  /** Until when the device's key is good: never longer than the key that approves it. */
  Instant until(Duration life) {
    Instant end = Instant.now().plus(life);
    return credential instanceof Checked.ByKey byKey
            && byKey.key().expiresAt != null
            && byKey.key().expiresAt.isBefore(end)
        ? byKey.key().expiresAt
        : end;
  }
}
