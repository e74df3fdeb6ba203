package dev.agentrelay.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.local.suite.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What services may do on Kubernetes, what they get, and who may reach them. */
class KubernetesHardeningTest {
  private static final List<String> SERVICES =
      Stream.of(Service.values()).map(Service::module).toList();

  /** What {@code overlays/production} leaves to the operator's secret. */
  private static final Pattern SECRET = Pattern.compile(".*(SECRET|PASSWORD|PRIVATE|TOKEN).*");

  private static final Pattern SHUTDOWN =
      Pattern.compile("(?m)^quarkus\\.shutdown\\.(?:timeout|delay)=(\\d+)s$");

  @ParameterizedTest
  @ValueSource(strings = {"development", "production"})
  void noServiceCanDoMoreThanItNeeds(String overlay) {
    for (JsonNode pod : pods(Overlay.named(overlay))) {
      assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true)).isFalse();
      assertThat(pod.at("/spec/securityContext/seccompProfile/type").asText())
          .isEqualTo("RuntimeDefault");
      assertThat(pod.at("/spec/securityContext/runAsUser").asInt()).isPositive();
      JsonNode container = pod.at("/spec/containers/0");
      JsonNode security = container.get("securityContext");
      assertThat(security.at("/allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(texts(security.at("/capabilities/drop"))).containsExactly("ALL");
      assertThat(security.at("/capabilities").has("add")).isFalse();
      assertThat(texts(container.get("volumeMounts"), "mountPath")).containsExactly("/tmp");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"development", "production"})
  void eachServiceHasItsShareAndSpreadsOverMachines(String overlay) {
    for (JsonNode pod : pods(Overlay.named(overlay))) {
      JsonNode resources = pod.at("/spec/containers/0/resources");
      assertThat(resources.at("/requests/cpu").asText()).isNotEmpty();
      assertThat(resources.at("/requests/memory").asText())
          .isNotEmpty()
          .isEqualTo(resources.at("/limits/memory").asText());
      JsonNode spread = pod.at("/spec/topologySpreadConstraints/0");
      assertThat(spread.get("topologyKey").asText()).isEqualTo("kubernetes.io/hostname");
      assertThat(pod.at("/metadata/labels").properties())
          .containsAll(spread.at("/labelSelector/matchLabels").properties());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"development", "production"})
  void configurationAndSecretsAreApart(String overlay) {
    Overlay rendered = Overlay.named(overlay);
    List<String> maps = rendered.all("ConfigMap").map(Overlay::name).toList();
    assertThat(rendered.all("ConfigMap"))
        .allSatisfy(
            map ->
                map.get("data").fieldNames().forEachRemaining(KubernetesHardeningTest::assertOpen));
    for (JsonNode pod : pods(rendered)) {
      JsonNode sources = pod.at("/spec/containers/0/envFrom");
      assertThat(maps).contains(sources.at("/0/configMapRef/name").asText());
      assertThat(sources.at("/1/secretRef/name").asText()).isEqualTo("relay");
    }
  }

  private static void assertOpen(String setting) {
    assertThat(setting).doesNotMatch(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"development", "production"})
  void onlyWhoCollectsMetricsReachesTheInternalPort(String overlay) {
    JsonNode policy = Overlay.named(overlay).the("NetworkPolicy", "relay");
    assertThat(texts(policy.at("/spec/policyTypes"))).contains("Ingress");
    for (JsonNode pod : pods(Overlay.named(overlay))) {
      assertThat(pod.at("/metadata/labels").properties())
          .containsAll(policy.at("/spec/podSelector/matchLabels").properties());
    }
    for (JsonNode rule : policy.at("/spec/ingress")) {
      assertThat(rule.get("from")).isNotEmpty();
      boolean monitoring = rule.get("from").toString().contains("agent-relay/monitoring");
      assertThat(texts(rule.get("ports"), "port"))
          .containsExactly(monitoring ? "management" : "http");
    }
  }

  /** What a service waits for when it is asked to end must be over before it is killed. */
  @ParameterizedTest
  @ValueSource(strings = {"development", "production"})
  void noServiceIsKilledWhileItDrains(String overlay) {
    Overlay rendered = Overlay.named(overlay);
    for (String service : SERVICES) {
      int grace =
          rendered
              .the("Deployment", service)
              .at("/spec/template/spec/terminationGracePeriodSeconds")
              .asInt();
      assertThat(grace).as(service).isGreaterThan(2 * longestWait(service));
    }
  }

  private static int longestWait(String service) {
    try {
      Matcher waits =
          SHUTDOWN.matcher(
              Files.readString(
                  RouteTable.DEPLOY.resolve(
                      "../" + service + "/src/main/resources/application.properties")));
      int longest = 0;
      while (waits.find()) {
        longest = Math.max(longest, Integer.parseInt(waits.group(1)));
      }
      return longest;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> pods(Overlay overlay) {
    return SERVICES.stream()
        .map(service -> overlay.the("Deployment", service).at("/spec/template"))
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> texts(JsonNode array, String member) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.path(member).asText()));
    return texts;
  }
}
