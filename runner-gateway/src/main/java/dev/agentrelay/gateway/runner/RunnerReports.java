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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
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

  /** The newest of a runner's warnings; people read a few. */
  private static final int MAX_WARNINGS = 100;

  private static final List<String> ANNOUNCED =
      List.of(
          "serviceIds", "disabledServiceIds", "panels", "triggerDefs", "sigilDefs", "sessionModes");

  private final RunnerRecords records;
  private final RunnerFeed feed;
  private final SessionAudience audience;

  /** Connections whose services were announced to viewers in full. */
  private final Set<RunnerConnection> announced = ConcurrentHashMap.newKeySet();

  RunnerReports(RunnerRecords records, RunnerFeed feed, SessionAudience audience) {
    this.records = records;
    this.feed = feed;
    this.audience = audience;
  }

  void announced(RunnerConnection runner, RawObject payload) {
    RawObject announce = RawObject.empty();
    ANNOUNCED.forEach(member -> announce.putIfPresent(member, payload.get(member)));
    String text = announce.toString();
    AtomicReference<@Nullable RawObject> before = new AtomicReference<>();
    change(
            runner,
            record -> {
              RawObject known = record.announce();
              before.set(known);
              boolean same = known != null && known.toString().equals(text);
              return same ? Map.of() : Map.of(RunnerField.ANNOUNCE, text);
            })
        .compose(
            changed ->
                changed == null
                    ? records.find(runner.id())
                    : Future.succeededFuture(Optional.of(changed)))
        .onSuccess(
            found -> found.ifPresent(record -> tellViewers(runner, record, before.get(), announce)))
        .onFailure(failure -> lost(runner, "an announcement", failure));
  }

  /** All of it the first time in a connection, whatever was known before; changes from then on. */
  private void tellViewers(
      RunnerConnection runner,
      RunnerRecord record,
      @Nullable RawObject before,
      RawObject announce) {
    if (announced.add(runner)) {
      runner.socket().onDisconnect(reason -> announced.remove(runner));
      tellViewers(record, "service_announce", announce.copy());
    } else if (before != null) {
      AnnounceDelta.between(before, announce)
          .ifPresent(delta -> tellViewers(record, "service_announce_delta", delta));
    }
  }

  private void tellViewers(RunnerRecord runner, String event, RawObject payload) {
    payload.put("runnerId", runner.id().value()).put("_runnerRef", true);
    for (String session : runner.sessionIds()) {
      audience.emitToViewers(new SessionId(session), event, payload);
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
    return JsonValues.array(all.subList(Math.max(0, all.size() - MAX_WARNINGS), all.size()))
        .toString();
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
                          : records
                              .change(runner.id(), runner.connection(), fields)
                              .onSuccess(changed -> runner.remember(fields));
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
