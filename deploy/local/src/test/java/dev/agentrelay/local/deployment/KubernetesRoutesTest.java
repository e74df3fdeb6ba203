package dev.agentrelay.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.local.deployment.RouteTable.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kubernetes routes is what {@code deploy/routes.yaml} says, in the same order. */
class KubernetesRoutesTest {
  @Test
  void theGatewayRoutesAsTheTableSays() {
    Overlay production = Overlay.named("production");
    List<Route> found = new ArrayList<>();
    for (JsonNode rule : production.the("HTTPRoute", "relay").at("/spec/rules")) {
      JsonNode backend = rule.at("/backendRefs/0");
      assertThat(ports(production, backend.get("name").asText()))
          .contains(backend.get("port").asInt());
      for (JsonNode match : rule.get("matches")) {
        assertThat(match.at("/path/type").asText()).isEqualTo("RegularExpression");
        String path = match.at("/path/value").asText();
        // the Gateway API matches the whole path, the table finds its beginning
        String prefix = path.endsWith(".*") ? path.substring(0, path.length() - 2) : path;
        found.add(new Route(prefix, backend.get("name").asText()));
      }
    }
    assertThat(found).isEqualTo(RouteTable.routes());
  }

  @Test
  void theIngressRoutesAsTheTableSays() {
    Overlay development = Overlay.named("development");
    List<Route> found = new ArrayList<>();
    for (JsonNode path : development.the("Ingress", "relay").at("/spec/rules/0/http/paths")) {
      JsonNode backend = path.at("/backend/service");
      found.add(new Route("^" + path.get("path").asText(), backend.get("name").asText()));
      assertThat(portNames(development, backend.get("name").asText()))
          .contains(backend.at("/port/name").asText());
    }
    assertThat(found).isEqualTo(RouteTable.routes());
  }

  @Test
  void theConsoleGetsWhatNoServiceHas() {
    Overlay production = Overlay.named("production");
    JsonNode rule = production.the("HTTPRoute", "console").at("/spec/rules/0");
    assertThat(rule.at("/matches/0/path/value").asText()).isEqualTo("/");
    assertThat(rule.at("/backendRefs/0/name").asText()).isEqualTo("auth-service");
    assertThat(ports(production, "auth-service")).contains(rule.at("/backendRefs/0/port").asInt());
    JsonNode path =
        Overlay.named("development").the("Ingress", "console").at("/spec/rules/0/http/paths/0");
    assertThat(path.get("path").asText()).isEqualTo("/");
    assertThat(path.at("/backend/service/name").asText()).isEqualTo("auth-service");
  }

  @Test
  void aWebUiGetsWhatNoServiceHas(@TempDir Path folder) throws IOException {
    Overlay overlay = withComponent(folder, "web-ui-http-route");
    JsonNode rule = overlay.the("HTTPRoute", "web-ui").at("/spec/rules/0");
    assertThat(rule.at("/matches/0/path/value").asText()).isEqualTo("/");
    assertThat(ports(overlay, rule.at("/backendRefs/0/name").asText()))
        .contains(rule.at("/backendRefs/0/port").asInt());
  }

  @Test
  void aWebUiGetsWhatTheIngressHasLeft(@TempDir Path folder) throws IOException {
    Overlay overlay = withComponent(folder, "web-ui-ingress");
    JsonNode path = overlay.the("Ingress", "web-ui").at("/spec/rules/0/http/paths/0");
    assertThat(path.get("path").asText()).isEqualTo("/");
    assertThat(portNames(overlay, path.at("/backend/service/name").asText()))
        .contains(path.at("/backend/service/port/name").asText());
  }

  @Test
  void everyPathOfATunnelsHostLeadsToIt(@TempDir Path folder) throws IOException {
    Overlay overlay = withComponent(folder, "tunnel-hosts-http-route");
    JsonNode route = overlay.the("HTTPRoute", "tunnel-hosts");
    assertThat(route.at("/spec/hostnames/0").asText()).startsWith("*.");
    assertThat(route.at("/spec/rules/0/matches/0/path/value").asText()).isEqualTo("/");
    JsonNode backend = route.at("/spec/rules/0/backendRefs/0");
    assertThat(backend.get("name").asText()).isEqualTo("tunnel-service");
    assertThat(ports(overlay, "tunnel-service")).contains(backend.get("port").asInt());
  }

  @Test
  void theIngressKnowsTheHostsOfTunnels(@TempDir Path folder) throws IOException {
    Overlay overlay = withComponent(folder, "tunnel-hosts-ingress");
    JsonNode rule = overlay.the("Ingress", "tunnel-hosts").at("/spec/rules/0");
    assertThat(rule.get("host").asText()).startsWith("*.");
    JsonNode path = rule.at("/http/paths/0");
    assertThat(path.get("path").asText()).isEqualTo("/");
    JsonNode service = path.at("/backend/service");
    assertThat(service.get("name").asText()).isEqualTo("tunnel-service");
    assertThat(portNames(overlay, "tunnel-service")).contains(service.at("/port/name").asText());
  }

  private static Overlay withComponent(Path folder, String component) throws IOException {
    // kustomize takes folders by relative path alone
    Path kubernetes = folder.toRealPath().relativize(RouteTable.DEPLOY.resolve("kubernetes"));
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [%s/base]
        components: [%s/components/%s]
        """
            .formatted(kubernetes, kubernetes, component));
    return Overlay.render(folder);
  }

  private static List<Integer> ports(Overlay overlay, String service) {
    List<Integer> ports = new ArrayList<>();
    overlay
        .the("Service", service)
        .at("/spec/ports")
        .forEach(port -> ports.add(port.get("port").asInt()));
    return ports;
  }

  private static List<String> portNames(Overlay overlay, String service) {
    List<String> names = new ArrayList<>();
    overlay
        .the("Service", service)
        .at("/spec/ports")
        .forEach(port -> names.add(port.get("name").asText()));
    return names;
  }
}
