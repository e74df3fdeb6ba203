package dev.agentrelay.e2e.cli;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.json.JSONObject;

/** A person's runner daemon of the published CLI, online and ready for sessions. */
public final class PublishedRunner implements AutoCloseable {
  /** Daemon and worker are programs of 100 MB each; a cold disk is slow. */
  public static final Duration PROGRAM_START = Duration.ofSeconds(60);

  private final URI relay;
  private final Account owner;
  private final ScriptedModel model;
  private final CliDaemon daemon;
  private final String id;

  private PublishedRunner(
      URI relay, Account owner, ScriptedModel model, CliDaemon daemon, String id) {
    this.relay = relay;
    this.owner = owner;
    this.model = model;
    this.daemon = daemon;
    this.id = id;
  }

  /** Starts a daemon and waits until it has announced its services. */
  public static PublishedRunner start(URI relay, Account owner) throws IOException {
    return start(relay, owner, PublishedCli.VERSION);
  }

  static PublishedRunner start(URI relay, Account owner, String version) throws IOException {
    ScriptedModel model = ScriptedModel.start();
    try (ScriptedRunnerFeed feed = ScriptedRunnerFeed.connect(owner.at(relay))) {
      CliDaemon daemon =
          CliDaemon.start(PublishedCli.program(version), relay, owner, "published runner", model);
      String id =
          feed.inbox()
              .await(
                  received ->
                      received.is("runner_updated")
                          && Json.arrayAt(received.payload(), "serviceIds").length() > 0,
                  PROGRAM_START)
              .payload()
              .getString("runnerId");
      return new PublishedRunner(relay, owner, model, daemon, id);
    }
  }

  public String id() {
    return id;
  }

  /** Spawns a session that answers one prompt and then idles. */
  public String spawn() {
    JSONObject request =
        Json.object(
            "runnerId",
            id,
            "cwd",
            daemon.workFolder(),
            "prompt",
            "the first prompt",
            "model",
            Json.object("provider", ScriptedModel.PROVIDER, "id", ScriptedModel.MODEL));
    return Json.parse(owner.rest(relay).send("POST", "/api/runners/spawn", request).body())
        .getString("sessionId");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    daemon.close();
    model.close();
  }
}
