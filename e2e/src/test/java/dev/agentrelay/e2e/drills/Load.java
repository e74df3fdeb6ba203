package dev.agentrelay.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.suite.Suite;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RelayRequestException;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.json.JSONObject;

/**
 * One person's traffic: a runner and its tunnel, workers that count, viewers, the lists, callers
 * that fire triggers and senders of webhooks. See {@link Findings} for what is asked of it.
 */
final class Load implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration SETTLED = Duration.ofSeconds(90);

  /** A goodbye may be lost with the gateway that took it, or its news; sweeps find either. */
  private static final Duration SWEPT = Duration.ofMinutes(4);

  /** What waits for the runner is delivered one after the other. */
  private static final Duration QUEUE_EMPTY = Duration.ofMinutes(4);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int UNAVAILABLE = 503;
  private static final long BEAT_SECONDS = 5;

  /**
   * How much goes on.
   *
   * @param events of each session and second
   * @param triggers calls of T1 a second, over all sessions
   * @param fires of a webhook a second
   * @param requests through the runner's tunnel a second
   */
  record Size(int sessions, int viewersEach, int events, int triggers, int fires, int requests) {
    static final Size ORDINARY = new Size(3, 2, 40, 10, 1, 1);
    static final Size WITHOUT_CALLS = new Size(3, 2, 40, 0, 0, 0);
  }

  final List<LoadWorker> workers = new ArrayList<>();
  final List<LoadViewer> viewers = new ArrayList<>();
  final StartedSessions started;
  final ScriptedRunner runner;
  final ScriptedHub hub;
  final ScriptedRunnerFeed feed;
  final Calls triggers;
  final Calls fires;
  final Calls requests;
  final Webhooks webhooks;
  private final Size size;
  private final ClientOptions edge;
  private final RelayClient rest;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("drill-load").daemon().factory());
  private final List<ScheduledFuture<?>> ticking = new ArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** Everybody through the public address. */
  static Load through(Suite suite, Account me, Size size) {
    return new Load(suite, me, size, suite.edge(), suite.edge());
  }

  /** The runner and the workers at one address, viewers at another, lists at the public one. */
  Load(Suite suite, Account me, Size size, URI workersAt, URI viewersAt) {
    this.size = size;
    this.rest = me.rest(suite.edge());
    edge = me.at(suite.edge());
    feed = open(ScriptedRunnerFeed.connect(edge));
    hub = open(ScriptedHub.connect(edge));
    started = open(new StartedSessions(me.at(workersAt)));
    runner =
        open(
            ScriptedRunner.connect(
                me.at(workersAt), RunnerScript.standard().onNewSession(started::start)));
    runner
        .socket()
        .on("kill_session", asked -> started.kill(String.valueOf(asked.text("sessionId"))));
    for (int each = 0; each < size.sessions(); each++) {
      String session = UUID.randomUUID().toString();
      workers.add(open(new LoadWorker(me.at(workersAt), session)).connect().awaitRegistered());
      for (int viewer = 0; viewer < size.viewersEach(); viewer++) {
        viewers.add(open(new LoadViewer(me.at(viewersAt), session)).connect());
      }
    }
    webhooks = new Webhooks(rest, suite.edge(), runner.runnerId());
    triggers = open(new Calls(this::fireTrigger, false));
    fires = open(new Calls(webhooks::fire, true));
    open(new LoadTunnel(edge, runner.runnerId()));
    requests = open(new Calls(this::askApp, true));
  }

  /** Begins, and returns when everybody sees and is told. */
  void start() {
    ticking.add(
        clock.scheduleAtFixedRate(
            () -> workers.forEach(LoadWorker::count),
            0,
            TimeUnit.SECONDS.toNanos(1) / size.events(),
            TimeUnit.NANOSECONDS));
    ticking.add(
        clock.scheduleAtFixedRate(
            () -> workers.forEach(LoadWorker::beat), BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS));
    if (size.triggers() > 0) {
      triggers.start(size.triggers());
    }
    if (size.fires() > 0) {
      fires.start(size.fires());
    }
    if (size.requests() > 0) {
      requests.start(size.requests());
    }
    awaitFlow();
    viewers.forEach(LoadViewer::startMeasuring);
  }

  /** Waits until everybody sees what begins from now on, and every call is answered. */
  void awaitFlow() {
    awaitSight();
    awaitAnswers();
  }

  /** Waits until everybody is connected and sees what begins from now on. */
  void awaitSight() {
    Map<String, Integer> said = new ConcurrentHashMap<>();
    workers.forEach(worker -> said.put(worker.session(), worker.said()));
    eventually("everybody is connected", READY, () -> runner.socket().connected());
    eventually("the lists are connected", READY, () -> connectedLists());
    awaitSeen("every viewer sees what is said now", said, 1);
  }

  /** Waits until the relay takes calls of each kind that are made from now on. */
  void awaitAnswers() {
    int triggered = triggers.last();
    int fired = fires.last();
    int requested = requests.last();
    eventually(
        "triggers are accepted",
        READY,
        () -> size.triggers() == 0 || triggers.acceptedAfter(triggered));
    eventually(
        "webhooks are accepted", READY, () -> size.fires() == 0 || fires.acceptedAfter(fired));
    eventually(
        "the tunnel leads to its app",
        READY,
        () -> size.requests() == 0 || requests.acceptedAfter(requested));
  }

  /** Waits until so many calls of each kind that is made were accepted. */
  void awaitAccepted(int triggersAtLeast, int firesAtLeast) {
    eventually(
        "enough calls are accepted",
        SETTLED,
        () ->
            (size.triggers() == 0 || triggers.accepted().size() >= triggersAtLeast)
                && (size.fires() == 0 || fires.accepted().size() >= firesAtLeast));
  }

  /** Waits until so many more requests of webhooks were accepted. */
  void awaitMoreFires(int more) {
    awaitAccepted(0, fires.accepted().size() + more);
  }

  /** Stops what comes new and waits for the end of what is under way. */
  void settle() {
    triggers.stop();
    fires.stop();
    requests.stop();
    eventually(
        "every call comes to an end",
        SETTLED,
        () -> triggers.settled() && fires.settled() && requests.settled());
    ticking.forEach(each -> each.cancel(false));
    await("every delivery of a webhook comes to an end")
        .atMost(QUEUE_EMPTY)
        .pollInterval(BETWEEN_LOOKS)
        .ignoreExceptionsMatching(Load::isPassing)
        .until(webhooks::settled);
    eventually(
        "every event is acknowledged",
        SETTLED,
        () -> workers.stream().allMatch(LoadWorker::settled));
    Map<String, Integer> last = new ConcurrentHashMap<>();
    workers.forEach(worker -> last.put(worker.session(), worker.said()));
    awaitSeen("every viewer has the last event", last, 0);
  }

  /** Ends every session that has work and waits until none is left. */
  void leave() {
    await("no session waits for work that never comes")
        .atMost(SWEPT)
        .pollInterval(BETWEEN_LOOKS)
        .untilAsserted(() -> assertThat(started.waiting()).isEmpty());
    viewers.forEach(LoadViewer::close);
    workers.forEach(LoadWorker::end);
    started.end();
    await("no session is left over")
        .atMost(SWEPT)
        .pollInterval(BETWEEN_LOOKS)
        .untilAsserted(() -> assertThat(sessionsForNewcomers()).isEmpty());
    await("whoever watched the list knows it, too")
        .atMost(SWEPT)
        .pollInterval(BETWEEN_LOOKS)
        .untilAsserted(() -> assertThat(hub.sessions()).isEmpty());
  }

  private Map<String, JSONObject> sessionsForNewcomers() {
    try (ScriptedHub newcomer = ScriptedHub.connect(edge)) {
      return newcomer.sessions();
    }
  }

  /** The longest time that a viewer saw nothing new. */
  Duration longestGap() {
    return viewers.stream().map(LoadViewer::longestGap).max(Duration::compareTo).orElseThrow();
  }

  RelayClient rest() {
    return rest;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    opened.reversed().forEach(Load::close);
  }

  private static void close(AutoCloseable client) {
    try {
      client.close();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** A store that is hardly back: whoever looks is told to come again. */
  private static boolean isPassing(Throwable failure) {
    return failure instanceof RelayRequestException refused && refused.status() == UNAVAILABLE;
  }

  private boolean connectedLists() {
    return hub.socket().connected() && feed.socket().connected();
  }

  private HttpResponse<String> fireTrigger(int number) {
    LoadWorker worker = workers.get(number % workers.size());
    return rest.exchange(
        "POST",
        "/api/sessions/" + worker.session() + "/trigger",
        Json.object("type", "load", "payload", Json.object("number", number)));
  }

  private HttpResponse<String> askApp(int number) {
    return rest.exchange(
        "GET",
        "/api/tunnel/runner/" + runner.runnerId() + "/" + LoadTunnel.PORT + "/" + number,
        null);
  }

  private void awaitSeen(String what, Map<String, Integer> numbers, int more) {
    await(what)
        .atMost(READY)
        .pollInterval(POLL)
        .untilAsserted(
            () ->
                assertThat(viewers)
                    .as("viewers of %s", workers)
                    .allMatch(
                        each -> each.highest() >= numbers.getOrDefault(each.session(), 0) + more));
  }

  private <T extends AutoCloseable> T open(T client) {
    opened.add(client);
    return client;
  }

  private static void eventually(String what, Duration limit, Supplier<Boolean> holds) {
    await(what).atMost(limit).pollInterval(POLL).until(holds::get);
  }
}
