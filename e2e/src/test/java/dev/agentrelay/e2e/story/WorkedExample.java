package dev.agentrelay.e2e.story;

import static dev.agentrelay.e2e.story.RecordedBrowser.HUB;
import static dev.agentrelay.e2e.story.RecordedBrowser.VIEWER;
import static dev.agentrelay.e2e.story.RecordedBrowser.seqOf;
import static dev.agentrelay.e2e.story.RecordedEvents.AGENT_END;
import static dev.agentrelay.e2e.story.RecordedEvents.AGENT_START;
import static dev.agentrelay.e2e.story.RecordedEvents.AUTH_SOURCE;
import static dev.agentrelay.e2e.story.RecordedEvents.GOAL;
import static dev.agentrelay.e2e.story.RecordedEvents.METADATA;
import static dev.agentrelay.e2e.story.RecordedEvents.RETRY;
import static dev.agentrelay.e2e.story.RecordedEvents.SNAPSHOT;
import static dev.agentrelay.e2e.story.RecordedEvents.THINKING;
import static dev.agentrelay.e2e.story.RecordedEvents.TODO_UPDATE;
import static dev.agentrelay.e2e.story.RecordedEvents.TODO_UPDATED;
import static dev.agentrelay.e2e.story.RecordedEvents.TOKENS;
import static dev.agentrelay.e2e.story.RecordedEvents.delta;
import static dev.agentrelay.e2e.story.RecordedEvents.heartbeat;
import static dev.agentrelay.e2e.story.RecordedEvents.messageEnd;
import static dev.agentrelay.e2e.story.RecordedEvents.messageStart;
import static dev.agentrelay.e2e.story.RecordedEvents.turnEnd;
import static dev.agentrelay.e2e.story.RecordedEvents.turnStart;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.Suite;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.e2e.wire.Frame;
import dev.agentrelay.e2e.wire.WireClient;
import dev.agentrelay.testkit.clients.Json;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** The worked example of the contract (sockets.md 9), with its frames and numbers. */
abstract class WorkedExample extends SuiteTest {
  private static final Duration INPUT_WAIT = Duration.ofMillis(9_500);

  private final URI agents;
  private final URI people;
  private final RecordedDaemon daemon;
  private final RecordedBrowser recorded;
  private final WireClient browser;

  /**
   * @param agents where daemon and worker connect
   * @param people where the browser does, and where it asks for the spawn
   */
  WorkedExample(Function<Suite, URI> agents, Function<Suite, URI> people) {
    this.agents = agents.apply(suite);
    this.people = people.apply(suite);
    this.daemon = new RecordedDaemon(this.agents);
    open(daemon.wire());
    this.recorded = new RecordedBrowser(this.people);
    this.browser = open(recorded.wire());
  }

  @Test
  void aSessionFromSpawnToEndIsWhatTheContractRecorded() {
    String session = spawnedSession();
    RecordedWorker worker = registeredWorker(session);
    theWorkersEventsAreNumberedWhileNobodyWatches(worker, session);
    aViewerJoinsMidway(session);
    long asked = System.nanoTime();
    int worked = theViewerTypesWhileTheAgentIsBusy(worker, session);
    theInputIsAcknowledged(asked);
    assertThat(worked).isEqualTo(79);
    theSessionEndsOnCommand(worker, session);
    anEndedSessionIsReplayedOnce(session);
  }

  @Test
  void aWorkerThatSaysGoodbyeEndsItsSessionTheSameWay() {
    String session = spawnedSession();
    RecordedWorker worker = registeredWorker(session);
    worker.sendAll(SNAPSHOT, heartbeat(false));
    recorded.view(me, session);
    browser.await(VIEWER, "event");
    worker.endSession();
    theTeardownIsTold(session);
  }

  /** 9.1, frames 1 to 12. */
  private String spawnedSession() {
    daemon.register(me);
    browser.join(HUB, WireClient.browserAuth(me.apiKey()));
    assertThat(browser.await(HUB, "sessions").getJSONArray("sessions")).isEmpty();

    JSONObject model = Json.object("provider", "fake", "id", "fake-1");
    CompletableFuture<JSONObject> answer =
        CompletableFuture.supplyAsync(
            () ->
                Json.parse(
                    me.rest(people)
                        .send(
                            "POST",
                            "/api/runners/spawn",
                            Json.object(
                                "runnerId",
                                daemon.runnerId(),
                                "prompt",
                                "first",
                                "cwd",
                                "/home/dev/work",
                                "model",
                                model))
                        .body()));
    JSONObject asked = daemon.startSession();
    String session = asked.getString("sessionId");
    assertThat(asked.toMap())
        .containsOnlyKeys("sessionId", "cwd", "prompt", "model")
        .containsEntry("cwd", "/home/dev/work")
        .containsEntry("prompt", "first")
        .containsEntry("model", model.toMap());
    assertThat(answer.join().toMap())
        .containsEntry("ok", true)
        .containsEntry("runnerId", daemon.runnerId())
        .containsEntry("sessionId", session)
        .containsEntry("pending", false);
    return session;
  }

  /** 9.1, frames 13 to 17. */
  private RecordedWorker registeredWorker(String session) {
    RecordedWorker worker = RecordedWorker.register(agents, me, session);
    open(worker.wire());
    assertThat(worker.registered().toMap())
        .containsOnlyKeys(
            "sessionId",
            "token",
            "shareUrl",
            "isEphemeral",
            "collabMode",
            "parentSessionId",
            "serverTime",
            "supportsSessionTriggerAck")
        .containsEntry("sessionId", session)
        .containsEntry("isEphemeral", true)
        .containsEntry("collabMode", true)
        .containsEntry("parentSessionId", null)
        .containsEntry("supportsSessionTriggerAck", true);
    assertThat(worker.registered().getString("token")).matches("[0-9a-f]{64}");
    JSONObject added = browser.await(HUB, "session_added");
    assertThat(added.toMap())
        .containsOnlyKeys(
            "sessionId",
            "shareUrl",
            "cwd",
            "startedAt",
            "userId",
            "userName",
            "sessionName",
            "isEphemeral",
            "isActive",
            "lastHeartbeatAt",
            "model",
            "runnerId",
            "runnerName",
            "parentSessionId")
        .containsEntry("sessionId", session)
        .containsEntry("cwd", "/home/dev/work")
        .containsEntry("userName", me.name())
        .containsEntry("sessionName", null)
        .containsEntry("isEphemeral", true)
        .containsEntry("isActive", false)
        .containsEntry("lastHeartbeatAt", null)
        .containsEntry("model", null)
        .containsEntry("runnerId", daemon.runnerId())
        .containsEntry("runnerName", "box")
        .containsEntry("parentSessionId", null);
    browser.emit(HUB, "subscribe_session_meta", Json.object("sessionId", session));
    assertThat(browser.await(HUB, "state_snapshot").getJSONObject("state").getInt("version"))
        .isZero();
    return worker;
  }

  /** 9.2, worker events 1 to 25. */
  private void theWorkersEventsAreNumberedWhileNobodyWatches(
      RecordedWorker worker, String session) {
    worker.sendAll(
        SNAPSHOT,
        heartbeat(false),
        AUTH_SOURCE,
        THINKING,
        GOAL,
        METADATA,
        TODO_UPDATE,
        TODO_UPDATED,
        TODO_UPDATE,
        TODO_UPDATED,
        RETRY,
        AGENT_START,
        heartbeat(true),
        turnStart(0),
        messageStart("user", "first"),
        messageEnd("user", "first"),
        messageStart("assistant", ""),
        delta("text_start", 0));
    worker.sendDeltas(1, 7);
    recorded.awaitMeta("state_snapshot", 9);
    assertThat(recorded.metaVersions())
        .containsExactly(
            "state_snapshot 0",
            "state_snapshot 1",
            "meta_event 2",
            "meta_event 3",
            "meta_event 4",
            "meta_event 6",
            "meta_event 7",
            "meta_event 8",
            "state_snapshot 9");
    browser.await(
        frame -> frame.is(HUB, "session_status") && frame.payload().getBoolean("isActive"));
    List<JSONObject> statuses = browser.payloads(HUB, "session_status");
    assertThat(statuses).hasSize(2);
    assertThat(statuses.get(1).toMap())
        .containsEntry("sessionId", session)
        .containsEntry(
            "model", Json.object("provider", "fake", "id", "fake-1", "name", "Fake One").toMap());
  }

  /** 9.3, frames 18 to 24. */
  private void aViewerJoinsMidway(String session) {
    long mark = browser.mark();
    recorded.view(me, session);
    browser.awaitAfter(mark, frame -> frame.is(VIEWER, "event") && seqOf(frame) == 12);
    List<Frame> frames = recorded.framesOf(VIEWER);
    assertThat(frames.stream().map(Frame::event))
        .containsExactlyElementsOf(
            Stream.concat(
                    Stream.of("40/viewer", "connected", "service_announce"),
                    IntStream.range(0, 11).mapToObj(each -> "event"))
                .toList());
    assertThat(frames.get(1).payload().toMap())
        .containsOnlyKeys(
            "sessionId",
            "lastSeq",
            "isActive",
            "lastHeartbeatAt",
            "sessionName",
            "generation",
            "meta_source")
        .containsEntry("sessionId", session)
        .containsEntry("lastSeq", 12)
        .containsEntry("isActive", true)
        .containsEntry("sessionName", null)
        .containsEntry("generation", 1)
        .containsEntry("meta_source", "hub");
    assertThat(frames.get(2).payload().toMap())
        .containsEntry("runnerId", daemon.runnerId())
        .containsEntry("_runnerRef", true)
        .containsEntry("generation", 1);
    JSONObject snapshot = frames.get(3).payload();
    assertThat(snapshot.keySet()).containsExactlyInAnyOrder("event", "replay", "generation");
    assertThat(snapshot.getJSONObject("event").getJSONObject("state").toMap())
        .containsEntry("messages", List.of())
        .containsEntry("totalMessages", 0)
        .containsEntry("hasMore", false)
        .containsEntry("oldestLoadedIndex", 0);
    List<JSONObject> deltas = frames.subList(4, 14).stream().map(Frame::payload).toList();
    assertThat(deltas)
        .allSatisfy(
            replayed ->
                assertThat(replayed.toMap())
                    .containsOnlyKeys("event", "seq", "replay", "deltaReplay", "generation")
                    .containsEntry("replay", true)
                    .containsEntry("deltaReplay", true)
                    .containsEntry("generation", 1));
    assertThat(deltas.stream().map(RecordedBrowser::numbered))
        .containsExactly(
            "2 heartbeat",
            "4 todo_update",
            "5 todo_update",
            "6 agent_start",
            "7 heartbeat",
            "8 turn_start",
            "9 message_start",
            "10 message_end",
            "11 message_start",
            "12 message_update");
    browser.emit(VIEWER, "connected", new JSONObject());
  }

  /** 9.3, frames 25 to 33; gives the number of the worker's last event. */
  private int theViewerTypesWhileTheAgentIsBusy(RecordedWorker worker, String session) {
    long mark = browser.mark();
    browser.send(
        "42/viewer,0[\"input\",{\"text\":\"second\",\"attachments\":[],\"client\":\"web\","
            + "\"requestId\":\"r-1\",\"deliverAs\":\"followUp\"}]");
    Frame input = worker.wire().await(frame -> frame.is(RecordedWorker.NAMESPACE, "input"));
    assertThat(input.id()).isNotNull();
    assertThat(input.payload().toMap())
        .containsOnlyKeys("text", "attachments", "client", "deliverAs", "requestId")
        .containsEntry("text", "second")
        .containsEntry("attachments", List.of())
        .containsEntry("client", "web")
        .containsEntry("deliverAs", "followUp")
        .containsEntry("requestId", "r-1");
    worker.sendDeltas(8, 30);
    worker.sendAll(
        delta("text_end", 30),
        messageEnd("assistant", "answer"),
        turnEnd(0),
        TOKENS,
        GOAL,
        SNAPSHOT,
        turnStart(1),
        messageStart("user", "second"),
        messageEnd("user", "second"),
        messageStart("assistant", ""),
        delta("text_start", 0));
    worker.sendDeltas(1, 9);
    worker.sendAll(
        messageEnd("assistant", "second answer"),
        turnEnd(1),
        TOKENS,
        GOAL,
        SNAPSHOT,
        AGENT_END,
        SNAPSHOT,
        heartbeat(false),
        RETRY,
        heartbeat(false));
    int last = (int) worker.send(METADATA);
    browser.awaitAfter(mark, frame -> frame.is(VIEWER, "event") && seqOf(frame) == 61);

    List<JSONObject> live =
        browser.payloads(VIEWER, "event").stream()
            .filter(envelope -> !envelope.has("replay"))
            .toList();
    assertThat(live)
        .allSatisfy(
            envelope ->
                assertThat(envelope.toMap())
                    .containsOnlyKeys("event", "seq", "sessionId")
                    .containsEntry("sessionId", session));
    assertThat(live.stream().map(envelope -> envelope.getLong("seq")))
        .containsExactlyElementsOf(LongStream.rangeClosed(13, 61).boxed().toList());
    assertThat(live.subList(23, 28).stream().map(RecordedBrowser::numbered))
        .containsExactly(
            "36 message_update",
            "37 message_end",
            "38 turn_end",
            "39 session_active",
            "40 turn_start");
    assertThat(live.subList(41, 49).stream().map(RecordedBrowser::numbered))
        .containsExactly(
            "54 message_end",
            "55 turn_end",
            "56 session_active",
            "57 agent_end",
            "58 session_active",
            "59 heartbeat",
            "60 heartbeat",
            "61 session_metadata_update");
    recorded.awaitMeta("state_snapshot", 16);
    assertThat(recorded.metaVersions().subList(9, 16))
        .containsExactly(
            "meta_event 10",
            "meta_event 11",
            "meta_event 12",
            "meta_event 13",
            "state_snapshot 14",
            "meta_event 15",
            "state_snapshot 16");
    theHeartbeatIsTold();
    return last;
  }

  /** What the browser got between viewer events 58 and 60, in which a heartbeat falls. */
  private void theHeartbeatIsTold() {
    List<String> around = new ArrayList<>();
    for (Frame frame : browser.frames()) {
      if (frame.is(VIEWER, "event") && seqOf(frame) == 58) {
        around.clear();
      }
      around.add(frame.event());
      if (frame.is(VIEWER, "event") && seqOf(frame) == 60) {
        break;
      }
    }
    assertHeartbeatOrder(around);
  }

  /** Checks the order of hub state, hub status and viewer event, where one is promised. */
  abstract void assertHeartbeatOrder(List<String> events);

  /** 9.3, frame 34: generation 0.5.7 never answers, so the server's patience does. */
  private void theInputIsAcknowledged(long askedNanos) {
    Frame ack = browser.await(frame -> frame.head().equals("43/viewer"));
    Duration waited = Duration.ofNanos(System.nanoTime() - askedNanos);
    assertThat(ack.text()).isEqualTo("43/viewer,0[true]");
    assertThat(waited).isBetween(INPUT_WAIT.minusMillis(300), INPUT_WAIT.plusMillis(1_500));
  }

  /** 9.4 as real workers do it: the answer, then the TCP connection is gone. */
  private void theSessionEndsOnCommand(RecordedWorker worker, String session) {
    JSONObject command = Json.object("id", "end1", "command", "end_session");
    browser.emit(VIEWER, "exec", command);
    assertThat(worker.wire().await(RecordedWorker.NAMESPACE, "exec").toMap())
        .isEqualTo(command.toMap());
    worker.emit("exec_result", Json.object("id", "end1", "ok", true, "command", "end_session"));
    assertThat(browser.await(VIEWER, "exec_result").toMap())
        .isEqualTo(
            Json.object("id", "end1", "ok", true, "command", "end_session", "sessionId", session)
                .toMap());
    worker.wire().drop();
    theTeardownIsTold(session);
    assertThat(worker.wire().frames().stream().map(Frame::event))
        .as("a viewer that was given a snapshot asks nothing of the worker")
        .doesNotContain("connected");
    assertThat(
            daemon.wire().frames().stream().map(Frame::event).filter(name -> !name.startsWith("4")))
        .containsSubsequence(
            "runner_registered", "trigger_subscriptions_snapshot", "new_session", "session_ended");
  }

  /** 9.4, frames 38 to 41. */
  private void theTeardownIsTold(String session) {
    assertThat(browser.await(VIEWER, "disconnected").toMap())
        .isEqualTo(
            Json.object("reason", "Session ended", "code", "session_ended", "sessionId", session)
                .toMap());
    assertThat(daemon.wire().await(RecordedDaemon.NAMESPACE, "session_ended").toMap())
        .isEqualTo(
            Json.object(
                    "sessionId",
                    session,
                    "reason",
                    "Session ended",
                    "sessionFile",
                    RecordedWorker.sessionFile(session))
                .toMap());
    assertThat(browser.await(HUB, "session_removed").toMap())
        .isEqualTo(Json.object("sessionId", session).toMap());
    browser.await(frame -> frame.text().equals("41/viewer,"));
    assertThat(browser.frames().stream().map(Frame::event))
        .containsSubsequence("disconnected", "session_removed")
        .containsSubsequence("disconnected", "41/viewer");
    assertThat(browser.closed()).as("the hub lives on the same connection").isNotDone();
  }

  private void anEndedSessionIsReplayedOnce(String session) {
    WireClient once = open(WireClient.connect(people));
    once.join(VIEWER, Json.put(WireClient.browserAuth(me.apiKey()), "sessionId", session));
    once.await(frame -> frame.text().equals("41/viewer,"));
    List<Frame> frames = once.frames();
    assertThat(frames.subList(1, frames.size()).stream().map(Frame::event))
        .containsExactly("40/viewer", "connected", "event", "disconnected", "41/viewer");
    assertThat(frames.get(2).payload().toMap())
        .isEqualTo(Json.object("sessionId", session, "replayOnly", true).toMap());
    assertThat(frames.get(3).payload().keySet()).containsExactlyInAnyOrder("event", "replay");
    assertThat(frames.get(4).payload().getString("code")).isEqualTo("snapshot_replay");
  }
}
