package dev.agentrelay.local.deployment;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What {@code kubectl kustomize} makes of a folder below {@code deploy/kubernetes}. */
record Overlay(List<JsonNode> resources) {

  /** Tests that need it are left out where kubectl is not installed. */
  static Overlay render(Path folder) {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "kubectl"))),
        "kubectl is not installed");
    try {
      Process kubectl =
          new ProcessBuilder("kubectl", "kustomize", folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (kubectl.waitFor() != 0) {
        throw new IllegalStateException(folder + " cannot be rendered");
      }
      return new Overlay(
          RouteTable.YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static Overlay named(String name) {
    return render(RouteTable.DEPLOY.resolve("kubernetes/overlays").resolve(name));
  }

  Stream<JsonNode> all(String kind) {
    return resources.stream().filter(resource -> resource.path("kind").asText().equals(kind));
  }

  JsonNode the(String kind, String name) {
    return all(kind)
        .filter(resource -> name(resource).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  static String name(JsonNode resource) {
    return resource.at("/metadata/name").asText();
  }
}
