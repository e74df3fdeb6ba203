package dev.agentrelay.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.local.edge.Edge;
import dev.agentrelay.local.edge.Routes;
import dev.agentrelay.testkit.stores.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is refused a demo runner; how one is started is seen in a browser. */
class DemoRunnersTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = FreePorts.next();
  private final URI relay = URI.create("http://localhost:" + port);
  private final Edge edge =
      Edge.start(
          port,
          Routes.read(Path.of("..", "routes.yaml")),
          Map.of(),
          List.of(new DemoRunners(relay)),
          true);

  @AfterEach
  void stop() {
    edge.close();
    client.shutdownNow();
  }

  @Test
  void consolesAskWhetherThereIsADemo() throws Exception {
    HttpResponse<String> found =
        client.send(
            HttpRequest.newBuilder(relay.resolve(DemoRunners.PATH)).build(),
            BodyHandlers.ofString());
    assertThat(found.body()).isEqualTo("{\"available\":true}");
  }

  @Test
  void otherPagesAndBadRequestsAreRefused() throws Exception {
    assertThat(ask("https://elsewhere.example", "{\"apiKey\":\"k\"}")).isEqualTo(403);
    assertThat(ask(relay.toString(), "{}")).isEqualTo(400);
    assertThat(ask(relay.toString(), "no json")).isEqualTo(400);
    assertThat(ask(relay.toString(), "{\"apiKey\":7}")).isEqualTo(400);
    assertThat(ask(relay.toString(), " ".repeat(2000))).isEqualTo(413);
  }

  @Test
  void aRelayThatTakesNoRunnerIsSaid() throws Exception {
    assertThat(ask(relay.toString(), "{\"apiKey\":\"k\"}")).isEqualTo(502);
  }

  private int ask(String origin, String body) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(relay.resolve(DemoRunners.PATH))
                .header("Origin", origin)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }
}
