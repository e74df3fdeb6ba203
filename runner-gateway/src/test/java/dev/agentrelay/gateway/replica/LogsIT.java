package dev.agentrelay.gateway.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.gateway.Member;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import java.util.List;
import java.util.Objects;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What a gateway logs for programs that read it. */
class LogsIT extends TwoReplicas {
  @Test
  void eachLineIsOneObjectAndNoneHoldsAKey() {
    ClientOptions options = at("one");
    Member worker = worker("one", null);
    daemon("one");
    new RelayClient(options).runners();
    worker.socket().kill();
    await().atMost(LIMIT).until(() -> objects("one"), lines -> !lines.isEmpty());
    assertThat(objects("one"))
        .allSatisfy(
            line ->
                assertThat(line.keySet())
                    .contains("timestamp", "level", "loggerName", "message", "mdc"))
        .anySatisfy(line -> assertThat(line.getString("message")).contains("started in"));
    assertThat(String.join("\n", gateways.log("one")))
        .doesNotContain(Objects.requireNonNull(options.apiKey()));
  }

  /** Before its log is set up, the virtual machine may say something of its own. */
  private List<JSONObject> objects(String gateway) {
    return gateways.log(gateway).stream()
        .filter(line -> line.startsWith("{"))
        .map(Json::parse)
        .toList();
  }
}
