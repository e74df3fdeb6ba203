package dev.agentrelay.platform.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What every service of the suite needs to know of the others. The defaults are for services side
 * by side on one machine. A {@code relay.} key that no service knows stops the start.
 */
@ConfigMapping(prefix = "relay")
public interface RelayConfig {

  Auth auth();

  Internal internal();

  @WithName("public")
  Public publicAddress();

  Trusted trusted();

  Proxy proxy();

  ApiKeys apiKeys();

  Replica replica();

  Log log();

  Traces traces();

  /** Where identities come from. */
  interface Auth {
    /** Address of auth-service. */
    @WithDefault("http://127.0.0.1:7501")
    URI url();

    /** How long a caller waits for auth-service before it counts as away. */
    @WithDefault("3s")
    Duration timeout();

    /** How long a known identity goes on beyond its expiry while auth-service is away. */
    @WithDefault("10m")
    Duration grace();

    /** How many identities one replica remembers. */
    @WithDefault("50000")
    int remembered();
  }

  /** What services prove to each other. */
  interface Internal {
    /**
     * The secret that guards calls between services, the same in all of them. The default holds
     * only while the service listens on loopback.
     */
    @WithDefault(InternalSecret.LOOPBACK_ONLY)
    @NotBlank
    String secret();
  }

  /** How people reach the suite. */
  interface Public {
    /** The public address, scheme and host and port; its origin is trusted. */
    @WithDefault("http://localhost:7492")
    URI url();
  }

  /** Who else is believed. */
  interface Trusted {
    /** Origins, besides that of the public address, whose pages may act for a signed-in user. */
    Optional<List<String>> origins();

    /** Whether the pages of the bundled mobile app are trusted. */
    @WithDefault("true")
    boolean mobileApp();
  }

  /** Whose {@code X-Forwarded-For} is believed. */
  interface Proxy {
    /** Which peers may tell the client's address. */
    @WithDefault("loopback")
    Trust trust();

    /** Networks, besides loopback, whose hosts may tell it; for {@code loopback} trust. */
    Optional<List<String>> cidrs();

    /** How many entries from the right the client's is; 0 is the right-most. */
    @WithDefault("0")
    @PositiveOrZero
    int depth();

    /** A set of peers. */
    enum Trust {
      NEVER,
      LOOPBACK,
      /** Loopback, private, link-local and unique local addresses. */
      PRIVATE
    }
  }

  /** How often an API key may be used. */
  interface ApiKeys {
    /** Whether the uses of each key are bounded. */
    @WithDefault("false")
    boolean limited();

    /** How many requests a key has in one window. */
    @WithDefault("10")
    @Positive
    int requests();

    /** The window. */
    @WithDefault("24h")
    Duration window();
  }

  /** How this process writes its log. */
  interface Log {
    /** Whether each line is one JSON object for programs, instead of text for people. */
    @WithDefault("false")
    boolean json();
  }

  /** Where this process tells of the ways that requests take through the services. */
  interface Traces {
    /**
     * Where a collector takes OTLP over HTTP, {@code http://collector:4318/v1/traces} say; without
     * it nothing is traced.
     */
    Optional<URI> endpoint();

    /** Which share of the requests is traced that come without a decision of whoever sent them. */
    @WithDefault("1")
    @DecimalMin("0")
    @DecimalMax("1")
    double share();
  }

  /** Which replica of its service this process is. */
  interface Replica {
    /** Name of this replica, without dots; made up at each start when absent. */
    @WithDefault("${quarkus.uuid}")
    @Pattern(regexp = "[^.\\s]+", message = "must be one word without dots")
    String id();

    /** Host and port at which the other replicas of this service reach this one. */
    Optional<String> address();
  }
}
