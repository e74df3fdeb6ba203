package dev.agentrelay.push;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** How push-service reaches people's devices. */
@ConfigMapping(prefix = "relay.push")
public interface PushConfig {

  Vapid vapid();

  Provider provider();

  Ntfy ntfy();

  /** How long it is remembered what became of a notification. */
  @WithDefault("7d")
  Duration outcomesKept();

  /** How many notifications one replica hands over at the same time. */
  @WithDefault("256")
  @Min(1)
  @Max(10_000)
  int concurrency();

  /** How long a subscription may fail without one success before it is forgotten. */
  @WithDefault("3d")
  Duration retireAfter();

  /** Time between two looks for notifications that are due again. */
  @WithDefault("1s")
  Duration every();

  /** How providers know this relay (RFC 8292). */
  interface Vapid {
    /** Whom a provider may write to about this relay's notifications. */
    @WithDefault("mailto:admin@pizzapi.local")
    String subject();

    /** The 65 bytes of the public point in base64url; made at the first start when absent. */
    Optional<String> publicKey();

    /** The 32 bytes of the private key in base64url; goes with the public one. */
    Optional<String> privateKey();
  }

  /** The servers of browser makers that take notifications. */
  interface Provider {
    /** How long a provider may take to answer, the ntfy server too. */
    @WithDefault("10s")
    Duration timeout();

    /** How many notifications are under way to one provider; a hanging one takes no more. */
    @WithDefault("64")
    @Min(1)
    int concurrency();

    /** Hosts that are taken although they are private, for a provider of one's own. */
    Optional<Set<String>> privateHosts();

    /** Certificates in PEM form that are trusted besides the usual ones, for the same. */
    Optional<Path> certificates();
  }

  /** The ntfy server that carries notifications to the mobile shell. */
  interface Ntfy {
    /** Where this service publishes; without it there is no native push. */
    Optional<URI> url();

    /** Where devices subscribe; the same server when absent. */
    Optional<URI> publicUrl();

    /** Sent as bearer when publishing. */
    Optional<String> publishToken();
  }
}
