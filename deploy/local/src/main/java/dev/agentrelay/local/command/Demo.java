package dev.agentrelay.local.command;

import dev.agentrelay.local.demo.DemoAgent;
import dev.agentrelay.local.supervisor.Console;
import dev.agentrelay.testkit.clients.AwaitTimeoutException;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Envelope;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A person, a runner and one session on a running relay, shown as a viewer sees it. */
final class Demo {
  private static final String EMAIL = "demo@example.com";
  private static final String FOLDER = "/home/demo/project";
  private static final long SECONDS_BETWEEN_QUESTIONS = 12;
  private static final int SHOWN_CHARACTERS = 110;
  private static final List<String> QUESTIONS =
      List.of(
          "What does this project do?",
          "Which tests are slow?",
          "Rename the helper in the parser.",
          "Summarise what you changed.");

  private final Console console;
  private final String url;

  Demo(Console console, String url) {
    this.console = console;
    this.url = url;
  }

  /** Runs until the process ends. */
  void run() {
    // Upper, lower, digit: the password policy (contract rest.md section 2.6).
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    String password = "Demo-1-" + HexFormat.of().formatHex(random);
    RelayClient person =
        new RelayClient(ClientOptions.of(URI.create(url))).register("Demo", EMAIL, password);
    try (ScriptedRunner runner = ScriptedRunner.connect(person.options(), DemoAgent.runner());
        ScriptedViewer viewer = ScriptedViewer.connect(person.options())) {
      String session =
          person.spawn(runner.runnerId(), FOLDER, QUESTIONS.getFirst()).getString("sessionId");
      runner.awaitWorker(session);
      viewer.open(session);
      console.say("");
      console.say("The demo runs at " + url);
      console.say("  Login: " + EMAIL + "   Password: " + password);
      console.say("  API key: " + person.options().apiKey());
      console.say("  Session " + session + ", as its viewers see it (Ctrl-C ends it):");
      console.say("");
      keepAsking(viewer);
      print(viewer);
    }
  }

  private static void keepAsking(ScriptedViewer viewer) {
    var clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("demo-questions").daemon().factory());
    int[] next = {1};
    var unused =
        clock.scheduleAtFixedRate(
            () -> {
              var answered = viewer.input(QUESTIONS.get(next[0]++ % QUESTIONS.size()));
              answered.exceptionally(unanswered -> false);
            },
            SECONDS_BETWEEN_QUESTIONS,
            SECONDS_BETWEEN_QUESTIONS,
            TimeUnit.SECONDS);
  }

  private void print(ScriptedViewer viewer) {
    for (long seen = 0; !Thread.currentThread().isInterrupted(); ) {
      try {
        show(viewer.envelopes().awaitAfter(seen, any -> true, Duration.ofMinutes(1)));
        seen++;
      } catch (AwaitTimeoutException quiet) {
        console.say("  (nothing for a minute)");
      }
    }
  }

  private void show(Envelope envelope) {
    String event = envelope.event().toString();
    String shown =
        event.length() > SHOWN_CHARACTERS ? event.substring(0, SHOWN_CHARACTERS) + "…" : event;
    String seq = envelope.seq() == null ? "-" : String.valueOf(envelope.seq());
    console.say(String.format("%6s  %-22s %s", seq, envelope.type(), shown));
  }
}
