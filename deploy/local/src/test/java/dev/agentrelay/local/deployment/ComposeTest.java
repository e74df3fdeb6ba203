package dev.agentrelay.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.local.deployment.RouteTable.Route;
import dev.agentrelay.local.suite.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code deploy/compose} runs and routes is what the code has. */
class ComposeTest {
  private static final Pattern ROUTE =
      Pattern.compile(
          "location ~ (\\S+) \\{\\s+set \\$service (\\S+);\\s+proxy_pass http://\\$service:8080;");

  /** A setting in a list, not what stands for the operator's. */
  private static final Pattern SETTING = Pattern.compile("(?m)^\\s*([A-Z0-9_]+)(?::|=)");

  private static final Pattern HOSTS =
      Pattern.compile("server_name \"~(\\S+)\";\\s+location / \\{\\s+set \\$service (\\S+);");

  private static final Pattern URL = Pattern.compile("=http://([a-z-]+):8080");

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
  void everySettingIsOneThatTheCodeKnows() {
    List<String> settings =
        Stream.of("compose/compose.yaml", "kubernetes/base/relay.env")
            .map(RouteTable.DEPLOY::resolve)
            .map(ComposeTest::text)
            .flatMap(text -> SETTING.matcher(text).results())
            .map(setting -> setting.group(1))
            .filter(setting -> setting.startsWith("RELAY_"))
            .toList();
    assertThat(settings)
        .contains("RELAY_AUTH_SECRET", "RELAY_INTERNAL_SECRET", "RELAY_AUTH_URL")
        .allMatch(SettingNames.ofTheCode()::knows);
  }

  @Test
  void everyServiceThatIsAskedForIsThere() {
    assertThat(
            URL.matcher(text(RouteTable.DEPLOY.resolve("kubernetes/base/relay.env")))
                .results()
                .map(url -> url.group(1)))
        .isNotEmpty()
        .allMatch(services::has);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theHostOfATunnelLeadsToIt() {
    MatchResult hosts =
        HOSTS
            .matcher(text(RouteTable.DEPLOY.resolve("compose/edge.conf")))
            .results()
            .findFirst()
            .orElseThrow();
    assertThat(hosts.group(2)).isEqualTo("tunnel-service");
    Pattern name = Pattern.compile(hosts.group(1));
    assertThat("0123456789abcdef0123456789abcdef.tunnels.localhost").containsPattern(name);
    assertThat("localhost").doesNotContainPattern(name);
    assertThat("relay.example.org").doesNotContainPattern(name);
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
