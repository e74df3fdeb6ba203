package dev.agentrelay.testkit.clients;

import static dev.agentrelay.testkit.clients.AgentEvents.event;

import io.socket.client.Ack;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * The agent inside a {@link ScriptedWorker}: takes prompts one after the other, on a thread of its
 * own, and streams an answer to each. A prompt that comes while it is busy is the next turn of the
 * same run.
 */
final class ScriptedAgent implements AutoCloseable {
  private record Prompt(String text, @Nullable Ack ack) {}

  private final ScriptedWorker worker;
  private final WorkerScript script;
  private final BlockingQueue<Prompt> prompts = new LinkedBlockingQueue<>(1_000);
  private final Semaphore aborts = new Semaphore(0);
  private final JSONArray transcript;
  private final Thread thread;
  private volatile boolean busy;
  private int turns;

  ScriptedAgent(ScriptedWorker worker, WorkerScript script) {
    this.worker = worker;
    this.script = script;
    this.transcript = Json.copy(script.history);
    this.thread = Thread.ofVirtual().name("scripted-agent").start(this::work);
  }

  void prompt(String text, @Nullable Ack whenDone) {
    if (!prompts.offer(new Prompt(text, whenDone))) {
      throw new IllegalStateException("the scripted agent has 1000 prompts waiting");
    }
  }

  /** Ends the running turn early; does nothing when none runs. */
  void abort() {
    if (busy) {
      aborts.release();
    }
  }

  boolean busy() {
    return busy;
  }

  JSONArray transcript() {
    synchronized (transcript) {
      return Json.copy(transcript);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void work() {
    try {
      while (true) {
        run(prompts.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void run(Prompt first) throws InterruptedException {
    List<Ack> waiting = new ArrayList<>();
    aborts.drainPermits();
    busy = true;
    worker.sendEvent(event("retry_state_changed", "state", null));
    worker.sendEvent(event("agent_start"));
    worker.sendHeartbeat();
    int turn = 0;
    for (Prompt prompt = first; prompt != null; prompt = prompts.poll()) {
      turn(turn++, prompt.text());
      if (prompt.ack() != null) {
        waiting.add(prompt.ack());
      }
    }
    worker.sendEvent(event("agent_end"));
    worker.sendSnapshot(null);
    busy = false;
    worker.sendHeartbeat();
    worker.sendEvent(event("retry_state_changed", "state", null));
    waiting.forEach(ack -> ack.call(true));
  }

  private void turn(int index, String prompt) throws InterruptedException {
    JSONObject question = AgentEvents.userMessage(prompt);
    JSONObject answer = AgentEvents.assistantMessage(script.model);
    worker.sendEvent(
        event("turn_start", "turnIndex", index, "timestamp", System.currentTimeMillis()));
    worker.sendEvent(event("message_start", "message", question));
    worker.sendEvent(event("message_end", "message", question));
    remember(question);
    worker.sendEvent(event("message_start", "message", answer));
    answer = stream(answer, script.reply.apply(prompt));
    worker.sendEvent(event("message_end", "message", answer));
    remember(answer);
    worker.sendEvent(
        event("turn_end", "turnIndex", index, "message", answer, "toolResults", new JSONArray()));
    worker.sendEvent(AgentEvents.tokenUsage(++turns));
    worker.sendEvent(event("goal_updated", "goal", null));
    worker.sendSnapshot(null);
  }

  /** Streams the text word by word and gives the finished message. */
  private JSONObject stream(JSONObject answer, String text) throws InterruptedException {
    StringBuilder soFar = new StringBuilder();
    String stopReason = "stop";
    for (String word : text.split("(?<= )", -1)) {
      if (aborts.tryAcquire(script.pace.toNanos(), TimeUnit.NANOSECONDS)) {
        stopReason = "aborted";
        break;
      }
      boolean first = soFar.isEmpty();
      soFar.append(word);
      JSONObject message = AgentEvents.grown(answer, script.model, soFar.toString(), "stop");
      if (first) {
        worker.sendEvent(
            AgentEvents.messageUpdate(
                message, Json.object("type", "text_start", "contentIndex", 0)));
      }
      worker.sendEvent(
          AgentEvents.messageUpdate(
              message, Json.object("type", "text_delta", "contentIndex", 0, "delta", word)));
    }
    JSONObject done = AgentEvents.grown(answer, script.model, soFar.toString(), stopReason);
    worker.sendEvent(
        AgentEvents.messageUpdate(
            done, Json.object("type", "text_end", "contentIndex", 0, "content", soFar.toString())));
    return done;
  }

  private void remember(JSONObject message) {
    synchronized (transcript) {
      transcript.put(message);
    }
  }
}
