package dev.agentrelay.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Kubernetes routes is what {@code deploy/routes.yaml} says, in the same order. */
class KubernetesRoutesTest {
  private static final Path DEPLOY = Path.of("..").toAbsolutePath().normalize();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private record Route(String path, String service) {}

  @Test
  void theGatewayRoutesAsTheTableSays() throws IOException {
    List<Route> found = new ArrayList<>();
    for (JsonNode rule :
        read("kubernetes/components/http-route/http-route.yaml").at("/spec/rules")) {
      JsonNode backend = rule.at("/backendRefs/0");
      assertThat(backend.get("port").asInt()).isEqualTo(8080);
      for (JsonNode match : rule.get("matches")) {
        assertThat(match.at("/path/type").asText()).isEqualTo("RegularExpression");
        String path = match.at("/path/value").asText();
        // the Gateway API matches the whole path, the table finds its beginning
        String prefix = path.endsWith(".*") ? path.substring(0, path.length() - 2) : path;
        found.add(new Route(prefix, backend.get("name").asText()));
      }
    }
    assertThat(found).isEqualTo(table());
  }

  @Test
  void theIngressRoutesAsTheTableSays() throws IOException {
    List<Route> found = new ArrayList<>();
    for (JsonNode path :
        read("kubernetes/components/ingress/ingress.yaml").at("/spec/rules/0/http/paths")) {
      found.add(
          new Route("^" + path.get("path").asText(), path.at("/backend/service/name").asText()));
    }
    assertThat(found).isEqualTo(table());
  }

  @Test
  void everyServiceOfTheTableIsDeployed() throws IOException {
    List<String> resources = new ArrayList<>();
    read("kubernetes/base/kustomization.yaml")
        .get("resources")
        .forEach(resource -> resources.add(resource.asText()));
    for (Route route : table()) {
      assertThat(resources).contains(route.service() + ".yaml");
    }
  }

  private static List<Route> table() throws IOException {
    List<Route> table = new ArrayList<>();
    for (JsonNode route : read("routes.yaml")) {
      table.add(new Route(route.get("path").asText(), route.get("service").asText()));
    }
    return table;
  }

  private static JsonNode read(String file) throws IOException {
    return YAML.readTree(DEPLOY.resolve(file).toFile());
  }
}
