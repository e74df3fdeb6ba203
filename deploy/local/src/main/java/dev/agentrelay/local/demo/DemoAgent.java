package dev.agentrelay.local.demo;

import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.time.Duration;

/** What the demo's runner and its agent do. */
public final class DemoAgent {
  private static final Duration WORD_PACE = Duration.ofMillis(150);

  private DemoAgent() {}

  /** A runner with a fresh identity whose agents answer without a model, word by word. */
  public static RunnerScript runner() {
    return RunnerScript.standard()
        .withName("demo runner")
        .withRoots("/home/demo/project")
        .withWorkers(WorkerScript.standard().withReply(DemoAgent::reply, WORD_PACE));
  }

  private static String reply(String question) {
    return "You asked: “" + question + "” This agent is scripted, so it answers without thinking.";
  }
}
