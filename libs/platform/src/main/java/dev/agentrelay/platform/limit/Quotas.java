package dev.agentrelay.platform.limit;

import dev.agentrelay.platform.metric.RelayMetrics;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;

/** Every quota of a user, each under its name. Operators see them before anybody has met one. */
@Startup
@Singleton
public class Quotas {
  private final Quota runners;
  private final Quota sessions;
  private final Quota viewers;
  private final Quota eventsPerSecond;
  private final Quota tunnelBytes;
  private final Quota attachmentBytes;
  private final Quota webhooks;

  public Quotas(QuotaConfig config, RelayMetrics metrics) {
    runners = new Quota("runners", "runners", config.runners(), metrics);
    sessions = new Quota("sessions", "live sessions", config.sessions(), metrics);
    viewers = new Quota("viewers", "viewers", config.viewers(), metrics);
    eventsPerSecond = new Quota("events", "events a second", config.eventsPerSecond(), metrics);
    tunnelBytes =
        new Quota("tunnel_bytes", "bytes through tunnels for now", config.tunnelBytes(), metrics);
    attachmentBytes =
        new Quota("attachment_bytes", "bytes of attachments", config.attachmentBytes(), metrics);
    webhooks = new Quota("webhooks", "webhooks", config.webhooks(), metrics);
  }

  public Quota runners() {
    return runners;
  }

  public Quota sessions() {
    return sessions;
  }

  public Quota viewers() {
    return viewers;
  }

  public Quota eventsPerSecond() {
    return eventsPerSecond;
  }

  public Quota tunnelBytes() {
    return tunnelBytes;
  }

  public Quota attachmentBytes() {
    return attachmentBytes;
  }

  public Quota webhooks() {
    return webhooks;
  }
}
