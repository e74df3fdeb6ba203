package dev.agentrelay.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of accounts, logins and keys. */
@ConfigMapping(prefix = "relay.auth")
public interface AuthConfig {

  /**
   * Signs login cookies and encrypts signing keys; the same in every replica, with a warning below
   * 32 characters. Needed in production, here or in {@link #secretFile()}; made up at each start
   * elsewhere.
   */
  Optional<String> secret();

  /**
   * Secrets used before the current one. What was signed or encrypted with them is still accepted,
   * so that a new secret logs nobody out.
   */
  Optional<List<String>> previousSecrets();

  /**
   * Where the secret is kept when none is set: made there at the first start, readable by its owner
   * alone. For a single replica, or a file that all replicas share.
   */
  Optional<Path> secretFile();

  /** Whether accounts can be made only while there is none. */
  @WithDefault("true")
  boolean closeSignupsAfterFirstUser();

  /** After how long a new signing key takes over. */
  @WithDefault("30d")
  Duration signingKeyLife();

  /** How long the audit trail reaches back. */
  @WithDefault("90d")
  Duration auditKept();

  /**
   * Email addresses of the accounts that operate the relay: they see its replicas, accounts and
   * audit trail. The first account when absent.
   */
  Optional<List<String>> operators();

  /** The version of the CLI that clients are told is the latest; nothing is told when absent. */
  Optional<String> cliVersion();

  /** How long a signed identity is valid for the other services. */
  @WithDefault("5m")
  Duration identityLife();
}
