package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a registered daemon reports of itself, stores it and tells those who look on
 * (sockets.md 3.2, 4.15).
 */
@Singleton
class RunnerReports {
  private static final Logger LOG = Logger.getLogger(RunnerReports.class);
  private static final List<String> ANNOUNCED =
      List.of(
          "serviceIds", "disabledServiceIds", "panels", "triggerDefs", "sigilDefs", "sessionModes");

  private final RunnerRecords records;
  private final RunnerFeed feed;
  private final SessionAudience audience;

  RunnerReports(RunnerRecords records, RunnerFeed feed, SessionAudience audience) {
    this.records = records;
    this.feed = feed;
    this.audience = audience;
  }

  void announced(RunnerConnection runner, RawObject payload) {
    RawObject announce = RawObject.empty();
    ANNOUNCED.forEach(member -> announce.putIfPresent(member, payload.get(member)));
    String text = announce.toString();
    change(
            runner,
            record -> {
              RawObject before = record.announce();
              boolean same = before != null && before.toString().equals(text);
              return same ? Map.of() : Map.of(RunnerField.ANNOUNCE, text);
            })
        .onSuccess(changed -> tellViewers(changed, announce))
        .onFailure(failure -> lost(runner, "an announcement", failure));
  }

  private void tellViewers(@Nullable RunnerRecord runner, RawObject announce) {
    if (runner != null) {
      RawObject payload =
          announce.copy().put("runnerId", runner.id().value()).put("_runnerRef", true);
      for (String session : runner.sessionIds()) {
        audience.emitToViewers(new SessionId(session), "service_announce", payload);
      }
    }
  }

  void listed(RunnerConnection runner, String member, RawObject payload) {
    changeInfo(runner, member, RunnerProfile.files(payload.get(member)));
  }

  void pluginsListed(RunnerConnection runner, RawObject payload) {
    if (!payload.isFalse("ok") && !payload.isTrue("scoped")) {
      changeInfo(runner, "plugins", RunnerProfile.plugins(payload.get("plugins")));
    }
  }

  private void changeInfo(RunnerConnection runner, String member, RawJson value) {
    change(
            runner,
            record -> Map.of(RunnerField.INFO, record.info().copy().put(member, value).toString()))
        .onFailure(failure -> lost(runner, member, failure));
  }

  void warned(RunnerConnection runner, RawObject payload) {
    String message = payload.trimmedText("message");
    if (message != null) {
      change(runner, record -> Map.of(RunnerField.WARNINGS, with(record.warnings(), message)))
          .onFailure(failure -> lost(runner, "a warning", failure));
    }
  }

  void warningsCleared(RunnerConnection runner) {
    change(runner, record -> Map.of(RunnerField.WARNINGS, "[]"))
        .onFailure(failure -> lost(runner, "cleared warnings", failure));
  }

  private static String with(RawJson warnings, String message) {
    RawJson added = JsonValues.of(message);
    List<RawJson> all = new ArrayList<>();
    List<RawJson> before = JsonValues.elements(warnings);
    if (before != null) {
      all.addAll(before);
    }
    if (!all.contains(added)) {
      all.add(added);
    }
    return JsonValues.array(all).toString();
  }

  /**
   * Changes the runner's record after all earlier reports, and tells the feed. Completes with
   * nothing when nothing is to change, or the connection is no longer the runner's.
   */
  private Future<@Nullable RunnerRecord> change(
      RunnerConnection runner, Function<RunnerRecord, Map<RunnerField, String>> change) {
    return runner.afterEarlierReports(
        () ->
            records
                .find(runner.id())
                .compose(
                    before -> {
                      Map<RunnerField, String> fields = before.map(change).orElse(Map.of());
                      return fields.isEmpty()
                          ? Future.succeededFuture(false)
                          : records.change(runner.id(), runner.connection(), fields);
                    })
                .compose(changed -> changed ? tellFeed(runner) : Future.succeededFuture(null)));
  }

  private Future<@Nullable RunnerRecord> tellFeed(RunnerConnection runner) {
    return records
        .find(runner.id())
        .map(
            after -> {
              after.ifPresent(feed::updated);
              return after.orElse(null);
            });
  }

  private static void lost(RunnerConnection runner, String what, Throwable failure) {
    LOG.warnf(
        "Runner %s reported %s, and it was not stored: %s",
        runner.id(), what, failure.getMessage());
  }
}
