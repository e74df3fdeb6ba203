package dev.agentrelay.e2e.tunnel;

import dev.agentrelay.e2e.cli.PublishedRunner;
import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.suite.Suite;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A person with a published runner on which a web app runs, whose port is exposed. Made once for
 * all tests of this JVM, as a daemon takes long to start.
 */
final class TunnelStage {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static @Nullable TunnelStage stage;

  private final Suite suite = Suite.running();
  private final Account owner = suite.newAccount();
  private final LocalApp app;
  private final PublishedRunner runner;
  private final ScriptedViewer viewer;
  private final String session;

  private TunnelStage() throws IOException {
    Vertx vertx = Vertx.vertx();
    app = new LocalApp(vertx);
    runner = PublishedRunner.start(suite.edge(), owner);
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-published-runner"));
    session = runner.spawn();
    viewer =
        ScriptedViewer.connect(owner.at(suite.edge()).withLimit(PublishedRunner.PROGRAM_START));
    viewer.open(session);
    expose(app.port());
  }

  static synchronized TunnelStage ready() throws IOException {
    if (stage == null) {
      stage = new TunnelStage();
    }
    return stage;
  }

  /** Has the runner's {@code tunnel} service let a port through, as its user asks for it. */
  void expose(int port) {
    long mark = viewer.inbox().mark();
    viewer.emit(
        "service_message",
        Json.object(
            "serviceId",
            "tunnel",
            "type",
            "tunnel_expose",
            "requestId",
            "expose-" + port,
            "payload",
            Json.object("port", port)));
    viewer
        .inbox()
        .awaitAfter(
            mark,
            received ->
                received.is("service_message") && "tunnel_registered".equals(received.text("type")),
            LIMIT);
  }

  Account owner() {
    return owner;
  }

  LocalApp app() {
    return app;
  }

  /** The {@code Cookie} header of the owner's browser, signed in. */
  String cookies() {
    return String.valueOf(
        new RelayClient(ClientOptions.of(suite.edge()))
            .signIn(owner.email(), owner.password())
            .options()
            .cookie());
  }

  /** The app behind the relay's public address. */
  URI url() {
    return url(app.port());
  }

  URI url(int port) {
    return suite.edge().resolve("/api/tunnel/runner/" + runner.id() + "/" + port + "/");
  }

  /** The same with an origin of its own. */
  URI hostUrl(int port) {
    JSONObject wanted = Json.object("runnerId", runner.id(), "port", port);
    return URI.create(
        Json.parse(owner.rest(suite.edge()).send("POST", "/api/tunnel-token", wanted).body())
            .getString("hostUrl"));
  }

  /** The same through the session that has exposed it. */
  URI sessionUrl() {
    return suite.edge().resolve("/api/tunnel/" + session + "/" + app.port() + "/");
  }

  private void close() {
    try {
      viewer.close();
      runner.close();
    } catch (IOException left) {
      System.err.println("The published runner could not be stopped: " + left);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
