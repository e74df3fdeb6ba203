package dev.agentrelay.platform.metric;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard and the alerts look at what the services really tell. */
class ObservabilityFilesTest {
  private static final Path FOLDER = Path.of("../../deploy/observability");
  private static final Pattern SERIES = Pattern.compile("\\brelay_[a-z_]+");

  private static Set<String> namesIn(String file) throws IOException {
    return SERIES
        .matcher(Files.readString(FOLDER.resolve(file)))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dashboard.json",
        "alerts.yaml",
        "../kubernetes/metrics-adapter.yaml",
        "../kubernetes/overlays/production/autoscaling.yaml"
      })
  void everyNameExists(String file) throws IOException {
    Set<String> known =
        Stream.of(Metric.values())
            .flatMap(metric -> metric.seriesNames().stream())
            .collect(Collectors.toSet());
    assertThat(namesIn(file)).isNotEmpty().isSubsetOf(known);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void everyMetricIsOnTheDashboard(Metric metric) throws IOException {
    assertThat(namesIn("dashboard.json")).containsAnyElementsOf(metric.seriesNames());
  }

  @Test
  void panelsHaveNumbersOfTheirOwn() throws IOException {
    JsonNode panels =
        new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile()).required("panels");
    assertThat(panels.findValuesAsText("id")).doesNotHaveDuplicates().hasSize(panels.size());
  }
}
