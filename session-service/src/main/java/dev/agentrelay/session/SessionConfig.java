package dev.agentrelay.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;

/** How session-service keeps what outlives a worker. */
@ConfigMapping(prefix = "relay.session")
public interface SessionConfig {

  Sweep sweep();

  Retention retention();

  Snapshots snapshots();

  Events events();

  /** When rows of expired sessions are deleted. */
  interface Sweep {
    /** Time between two sweeps. */
    @WithDefault("60s")
    Duration every();

    /**
     * How long an expired row is kept, unseen, because the news that its session lives on may be
     * late.
     */
    @WithDefault("1h")
    Duration grace();

    /** How long news of a session can be told again; longer than Kafka keeps its topics. */
    @WithDefault("30d")
    Duration newsOutlived();
  }

  /** What is kept of ended sessions that nobody has pinned. */
  interface Retention {
    /** How long after their end; for ever when absent. */
    Optional<Duration> age();

    /**
     * How many bytes of snapshots, events and attachments a user may have; the longest unused
     * sessions go first. Any number when absent.
     */
    Optional<Long> bytesPerUser();
  }

  /** The last states of sessions. */
  interface Snapshots {
    /** How many bytes a state may have that outlives its session. */
    @WithDefault("16777216")
    @Min(1)
    long largest();
  }

  /** The events that programs read. */
  interface Events {
    /** How many events of a session are kept. */
    @WithDefault("10000")
    @Min(1)
    long most();

    /** How long an event is kept. */
    @WithDefault("7d")
    Duration age();

    /** How long a stream that is through waits before it looks for more. */
    @WithDefault("500ms")
    Duration lookAgain();

    /** How long one stream lasts; its reader comes back with the last cursor, and a credential. */
    @WithDefault("15m")
    Duration streamLife();

    /** How many streams one replica has at a time. */
    @WithDefault("1000")
    @Min(1)
    int streams();
  }
}
