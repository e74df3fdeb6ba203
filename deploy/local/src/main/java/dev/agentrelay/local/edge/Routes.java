package dev.agentrelay.local.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.agentrelay.local.data.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The route table: which service answers a path, first match wins. */
public final class Routes {
  private final List<Route> routes;

  private record Route(Pattern path, String service) {}

  private Routes(List<Route> routes) {
    this.routes = routes;
  }

  /**
   * Reads {@code deploy/routes.yaml}.
   *
   * @throws LauncherException when it cannot be read or is not such a table
   */
  public static Routes read(Path file) {
    List<Route> routes = new ArrayList<>();
    try (var in = Files.newInputStream(file)) {
      for (JsonNode route : new YAMLMapper().readTree(in)) {
        routes.add(
            new Route(
                Pattern.compile(route.required("path").textValue()),
                route.required("service").textValue()));
      }
      return new Routes(List.copyOf(routes));
    } catch (IOException | IllegalArgumentException broken) {
      throw new LauncherException(
          "The route table " + file + " cannot be read: " + broken.getMessage(), broken);
    }
  }

  /**
   * The service for a path.
   *
   * @param path as sent, without the query
   */
  public Optional<String> serviceFor(String path) {
    return routes.stream()
        .filter(route -> route.path().matcher(path).find())
        .map(Route::service)
        .findFirst();
  }
}
