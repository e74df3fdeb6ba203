package dev.agentrelay.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.local.suite.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kubernetes is told of the services fits what they are. */
class KubernetesOverlaysTest {
  private static final List<String> SERVICES =
      Stream.of(Service.values()).map(Service::module).toList();

  @ParameterizedTest
  @ValueSource(strings = {"development", "production"})
  void eachServiceRunsReachableAndWatched(String overlay) {
    Overlay rendered = Overlay.named(overlay);
    assertThat(RouteTable.services()).isSubsetOf(SERVICES);
    for (String service : SERVICES) {
      JsonNode deployment = rendered.the("Deployment", service);
      JsonNode pod = deployment.at("/spec/template");
      assertSelects(deployment.at("/spec/selector/matchLabels"), pod);
      assertSelects(rendered.the("Service", service).at("/spec/selector"), pod);
      assertSelects(
          rendered.the("PodDisruptionBudget", service).at("/spec/selector/matchLabels"), pod);
      JsonNode container = pod.at("/spec/containers/0");
      assertThat(container.get("image").asText()).isEqualTo("agent-relay/" + service);
      assertThat(ports(container))
          .containsOnly(Map.entry("http", 8080), Map.entry("management", 9000));
      assertThat(probe(container, "startupProbe")).isEqualTo("/q/health/started");
      assertThat(probe(container, "livenessProbe")).isEqualTo("/q/health/live");
      assertThat(probe(container, "readinessProbe")).isEqualTo("/q/health/ready");
      assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(pod.at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"development", "production"})
  void noServiceShowsItsInternalPort(String overlay) {
    assertThat(Overlay.named(overlay).all("Service").toList())
        .allSatisfy(
            service ->
                assertThat(service.at("/spec/ports").findValuesAsText("targetPort"))
                    .doesNotContain("management", "9000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"development", "production"})
  void everySettingIsOneThatTheCodeKnows(String overlay) {
    TreeSet<String> names = new TreeSet<>();
    Overlay rendered = Overlay.named(overlay);
    rendered
        .all("ConfigMap")
        .forEach(map -> map.get("data").fieldNames().forEachRemaining(names::add));
    rendered
        .all("Deployment")
        .forEach(
            deployment ->
                names.addAll(
                    deployment
                        .at("/spec/template/spec/containers/0/env")
                        .findValuesAsText("name")));
    names.removeIf(name -> !name.startsWith("RELAY_"));
    assertThat(names).isNotEmpty().allMatch(SettingNames.ofTheCode()::knows);
  }

  @Test
  void developmentBringsTheStoresThatItsSettingsName() {
    Overlay development = Overlay.named("development");
    JsonNode settings =
        development
            .all("ConfigMap")
            .filter(map -> Overlay.name(map).startsWith("relay-"))
            .findFirst()
            .orElseThrow()
            .get("data");
    assertThat(settings.get("QUARKUS_DATASOURCE_JDBC_URL").asText()).contains("//postgres:5432/");
    assertThat(settings.get("QUARKUS_REDIS_HOSTS").asText()).endsWith("//redis:6379");
    assertThat(settings.get("KAFKA_BOOTSTRAP_SERVERS").asText()).isEqualTo("kafka:9092");
    for (String store : List.of("postgres", "redis", "kafka")) {
      JsonNode set = development.the("StatefulSet", store);
      JsonNode pod = set.at("/spec/template");
      assertSelects(set.at("/spec/selector/matchLabels"), pod);
      assertSelects(development.the("Service", store).at("/spec/selector"), pod);
      assertSelects(
          development.the("NetworkPolicy", "stores").at("/spec/podSelector/matchLabels"), pod);
      assertThat(development.the("Service", store).at("/spec/ports/0/port"))
          .isEqualTo(pod.at("/spec/containers/0/ports/0/containerPort"));
    }
    assertThat(development.all("Secret")).isEmpty();
  }

  @Test
  void productionGrowsByWhatTellsOfLoad() {
    Overlay production = Overlay.named("production");
    for (String service : SERVICES) {
      JsonNode scaler = production.the("HorizontalPodAutoscaler", service);
      assertThat(scaler.at("/spec/scaleTargetRef/name").asText()).isEqualTo(service);
      assertThat(scaler.at("/spec/minReplicas").asInt()).isGreaterThanOrEqualTo(2);
    }
    assertThat(
            production
                .the("HorizontalPodAutoscaler", "runner-gateway")
                .at("/spec/metrics")
                .findValuesAsText("name"))
        .contains("relay_connections", "relay_consumer_lag");
    assertThat(
            production
                .the("HorizontalPodAutoscaler", "tunnel-service")
                .at("/spec/metrics")
                .findValuesAsText("name"))
        .contains("relay_tunnels");
    assertThat(
            production
                .all("HorizontalPodAutoscaler")
                .flatMap(
                    scaler ->
                        scaler.findValuesAsText("channel").stream()
                            .map(channel -> "relay." + channel)))
        .allMatch(SettingNames.ofTheCode()::hasTopic);
  }

  private static void assertSelects(JsonNode labels, JsonNode pod) {
    assertThat(labels.properties()).isNotEmpty();
    assertThat(pod.at("/metadata/labels").properties()).containsAll(labels.properties());
  }

  private static List<Map.Entry<String, Integer>> ports(JsonNode container) {
    List<Map.Entry<String, Integer>> ports = new ArrayList<>();
    container
        .get("ports")
        .forEach(
            port ->
                ports.add(Map.entry(port.get("name").asText(), port.get("containerPort").asInt())));
    return ports;
  }

  private static String probe(JsonNode container, String name) {
    JsonNode request = container.at("/" + name + "/httpGet");
    assertThat(request.get("port").asText()).isEqualTo("management");
    return request.get("path").asText();
  }
}
