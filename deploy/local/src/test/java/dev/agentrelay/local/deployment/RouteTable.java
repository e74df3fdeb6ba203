package dev.agentrelay.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code deploy/routes.yaml} says, to compare others with. */
final class RouteTable {
  static final Path DEPLOY = Path.of("..").toAbsolutePath().normalize();
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private RouteTable() {}

  /** A regular expression that finds the path, and the service that answers it. */
  record Route(String path, String service) {}

  static List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (JsonNode route : read("routes.yaml")) {
      routes.add(new Route(route.get("path").asText(), route.get("service").asText()));
    }
    return routes;
  }

  /** The services that answer something, each once. */
  static List<String> services() {
    return routes().stream().map(Route::service).distinct().toList();
  }

  static JsonNode read(String file) {
    try {
      return YAML.readTree(DEPLOY.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
