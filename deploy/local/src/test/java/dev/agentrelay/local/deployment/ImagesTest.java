package dev.agentrelay.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code deploy/Dockerfile} builds is what there is, as far as reading it can tell. */
class ImagesTest {
  private static final Pattern LEFT_OUT = Pattern.compile("!([a-z/0-9-]+)");
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern RELEASE =
      Pattern.compile("<maven\\.compiler\\.release>(\\d+)</maven\\.compiler\\.release>");
  private static final Pattern BASE = Pattern.compile("(?m)^FROM \\S*temurin[-:](\\d+)");

  private final String dockerfile = read("Dockerfile");
  private final String project = read("../pom.xml");

  ImagesTest() throws IOException {}

  @Test
  void whatTheBuildLeavesOutIsAModuleAndNoService() {
    List<String> leftOut = firsts(LEFT_OUT, dockerfile);
    assertThat(leftOut).isNotEmpty().doesNotContainAnyElementsOf(RouteTable.services());
    assertThat(firsts(MODULE, project)).containsAll(leftOut).containsAll(RouteTable.services());
  }

  @Test
  void theImagesJavaRunsWhatIsCompiled() {
    int release = Integer.parseInt(firsts(RELEASE, project).getFirst());
    assertThat(firsts(BASE, dockerfile))
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(java -> Integer.parseInt(java) >= release);
  }

  @Test
  void theImagesUserAndPortsAreThoseOfKubernetes() throws IOException {
    String hardening = read("kubernetes/base/hardening.yaml");
    assertThat(dockerfile).contains("USER 10001:10001", "EXPOSE 8080 9000");
    assertThat(hardening)
        .contains("runAsUser: 10001", "runAsGroup: 10001")
        .contains("containerPort: 8080", "containerPort: 9000");
    assertThat(read("kubernetes/base/relay.env")).contains("QUARKUS_HTTP_PORT=8080");
  }

  private static List<String> firsts(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult found) -> Objects.requireNonNull(found.group(1)))
        .toList();
  }

  private static String read(String file) throws IOException {
    return Files.readString(RouteTable.DEPLOY.resolve(file));
  }
}
