package dev.agentrelay.session.attachment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Limits and life times of attachments (rest.md 8.1). */
@ConfigMapping(prefix = "relay.attachment")
public interface AttachmentConfig {

  /** How many bytes one uploaded file may have. */
  @WithDefault("31457280")
  @Min(1)
  long largestFile();

  /** How many bytes the body of one upload may have. */
  @WithDefault("52428800")
  @Min(1)
  @Max(52_428_800)
  long largestBody();

  /** How many parts one upload may have. */
  @WithDefault("100")
  @Min(1)
  int mostParts();

  /** How many uploads one replica takes at a time; further ones are told to come back. */
  @WithDefault("32")
  @Min(1)
  int uploadsAtOnce();

  /** How long an uploaded file can be fetched. */
  @WithDefault("15m")
  Duration life();

  /** How long an image out of a session's messages is kept after it was last needed. */
  @WithDefault("24h")
  Duration imageLife();

  /** How many bytes such an image may have. */
  @WithDefault("31457280")
  @Min(1)
  long largestImage();

  /** How long a link with a token in it can be used. */
  @WithDefault("5m")
  Duration tokenLife();

  /** Time between two sweeps. */
  @WithDefault("60s")
  Duration sweepEvery();

  /** How old an unfinished upload is when it counts as left behind by a replica that died. */
  @WithDefault("1h")
  Duration abandonedAfter();
}
