package dev.agentrelay.e2e.drills;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.SpawnDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;

/**
 * The sessions that webhooks had a runner start. Each ends when it has been told why it was
 * started. Thread-safe.
 */
final class StartedSessions implements AutoCloseable {
  private final ClientOptions options;
  private final Map<String, LoadWorker> workers = new ConcurrentHashMap<>();
  private final Set<String> killed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger askedTwice = new AtomicInteger();

  StartedSessions(ClientOptions options) {
    this.options = options;
  }

  /** Like the published daemon, a runner refuses to run a session twice. */
  SpawnDecision start(JSONObject asked) {
    String session = Json.requireText(asked, "sessionId");
    LoadWorker worker = new LoadWorker(options, session).onTrigger(LoadWorker::end);
    if (workers.putIfAbsent(session, worker) != null) {
      worker.close();
      askedTwice.incrementAndGet();
      return new SpawnDecision.Refuse("Session already running: " + session);
    }
    worker.connect();
    return new SpawnDecision.ReadyOnly();
  }

  /** Ends a session's process, as the relay asks for. */
  void kill(String session) {
    LoadWorker worker = workers.get(session);
    if (worker != null) {
      killed.add(session);
      worker.close();
    }
  }

  /** The numbers of all triggers told, of each session's the same one only once. */
  List<Integer> told() {
    List<Integer> told = new ArrayList<>();
    workers.values().forEach(worker -> told.addAll(worker.told()));
    return told;
  }

  /** Sessions that still wait to be told why they were started. */
  List<String> waiting() {
    return workers.values().stream()
        .filter(worker -> worker.told().isEmpty() && !killed.contains(worker.session()))
        .map(LoadWorker::session)
        .toList();
  }

  /** How often the runner was asked for a session that it had already. */
  int askedTwice() {
    return askedTwice.get();
  }

  /** Ends what is left in good order. */
  void end() {
    workers.values().forEach(LoadWorker::end);
  }

  @Override
  public void close() {
    workers.values().forEach(LoadWorker::close);
  }
}
