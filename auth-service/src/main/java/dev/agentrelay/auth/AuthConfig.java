package dev.agentrelay.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of accounts, logins and keys. */
@ConfigMapping(prefix = "relay.auth")
public interface AuthConfig {

  /**
   * Signs login cookies and encrypts signing keys; at least 32 characters, the same in every
   * replica. Needed in production; made up at each start elsewhere.
   */
  Optional<String> secret();

  /** Whether accounts can be made only while there is none. */
  @WithDefault("true")
  boolean closeSignupsAfterFirstUser();

  /** After how long a new signing key takes over. */
  @WithDefault("30d")
  Duration signingKeyLife();

  /** How long a signed identity is valid for the other services. */
  @WithDefault("5m")
  Duration identityLife();
}
