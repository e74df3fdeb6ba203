package dev.agentrelay.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.local.deployment.RouteTable.Route;
import dev.agentrelay.local.suite.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code deploy/compose} runs and routes is what the code has. */
class ComposeTest {
  private static final Pattern ROUTE =
      Pattern.compile(
          "location ~ (\\S+) \\{\\s+set \\$service (\\S+);\\s+proxy_pass http://\\$service:8080;");

  private final JsonNode services = RouteTable.read("compose/compose.yaml").get("services");

  @Test
  void theEdgeRoutesAsTheTableSays() throws IOException {
    String edge = Files.readString(RouteTable.DEPLOY.resolve("compose/edge.conf"));
    List<Route> found =
        ROUTE
            .matcher(edge)
            .results()
            .map(route -> new Route(route.group(1), route.group(2)))
            .toList();
    assertThat(found).isEqualTo(RouteTable.routes());
  }

  @Test
  void eachServiceIsBuiltFromItsModule() {
    for (Service service : Service.values()) {
      JsonNode container = services.get(service.module());
      assertThat(container.get("image").asText()).isEqualTo("agent-relay/" + service.module());
      assertThat(container.at("/build/args/SERVICE").asText()).isEqualTo(service.module());
    }
  }

  @Test
  void onlyTheEdgeIsReachedFromOutsideAndOnlyFromThisMachine() {
    services
        .properties()
        .forEach(
            service ->
                assertThat(service.getValue().has("ports"))
                    .as(service.getKey())
                    .isEqualTo(service.getKey().equals("edge")));
    assertThat(services.at("/edge/ports/0").asText()).startsWith("127.0.0.1:");
  }
}
