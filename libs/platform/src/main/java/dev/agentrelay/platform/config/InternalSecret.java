package dev.agentrelay.platform.config;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The secret by which services recognise each other. */
@Startup
@ApplicationScoped
public class InternalSecret {
  /** The request header that carries the secret. */
  public static final String HEADER = "x-relay-internal-secret";

  static final String LOOPBACK_ONLY = "agent-relay-on-loopback-only";

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

  private final String secret;

  public InternalSecret(
      RelayConfig config, @ConfigProperty(name = "quarkus.http.host") String host) {
    secret = config.internal().secret();
    if (secret.equals(LOOPBACK_ONLY) && !LOOPBACK.contains(host)) {
      throw new IllegalStateException(
          "relay.internal.secret must be set, because this service listens beyond loopback (on "
              + host
              + ")");
    }
  }

  public String value() {
    return secret;
  }

  /** Whether this is the well-known default, which must not guard anything that people reach. */
  public boolean isDefault() {
    return secret.equals(LOOPBACK_ONLY);
  }

  /** Whether a caller presented the secret; takes the same time however wrong it is. */
  public boolean matches(@Nullable String presented) {
    return presented != null
        && MessageDigest.isEqual(
            secret.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
  }
}
