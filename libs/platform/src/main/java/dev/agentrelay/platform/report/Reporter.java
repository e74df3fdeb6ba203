package dev.agentrelay.platform.report;

import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.platform.metric.Figures;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Says every few seconds that this replica runs, and how it fares. */
@Singleton
class Reporter {
  private static final Logger LOG = Logger.getLogger(Reporter.class);

  private final Vertx vertx;
  private final ReplicaReports reports;
  private final Figures figures;
  private final String service;
  private final String version;
  private final String replica;
  private final String startedAt = Timestamps.text(Instant.now());
  private long timer;

  Reporter(
      Vertx vertx,
      ReplicaReports reports,
      Figures figures,
      RelayConfig config,
      @ConfigProperty(name = "quarkus.application.name") String service,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.vertx = vertx;
    this.reports = reports;
    this.figures = figures;
    this.service = service;
    this.version = version;
    this.replica = config.replica().id();
  }

  void begin(@Observes StartupEvent started) {
    report();
    timer = vertx.setPeriodic(ReplicaReports.EVERY.toMillis(), tick -> report());
  }

  void end(@Observes ShutdownEvent stopping) {
    vertx.cancelTimer(timer);
  }

  private void report() {
    var report =
        new ReplicaReport(
            service, replica, version, startedAt, Timestamps.text(Instant.now()), figures.read());
    reports
        .write(report)
        .subscribe()
        .with(
            written -> {},
            // the next one comes soon, and Redis' absence is told by those who need it
            failure -> LOG.debugf("This replica's report was not taken: %s", failure.toString()));
  }
}
