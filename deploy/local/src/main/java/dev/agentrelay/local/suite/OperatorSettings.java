package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.Secrets;
import dev.agentrelay.local.edge.TunnelHosts;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every service is told unless the operator's environment says it, under the relay's own name
 * or one of those that operators of the original use (rest.md 8.2). Services read both.
 */
final class OperatorSettings {
  private final Map<String, String> environment;
  private final Map<String, String> settings = new HashMap<>();

  private OperatorSettings(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The settings to add to the operator's. */
  static Map<String, String> of(
      Map<String, String> environment, DataFolder folder, Secrets secrets, int publicPort) {
    String local = "http://localhost:" + publicPort;
    OperatorSettings own = new OperatorSettings(environment);
    own.unlessSet(secrets.get(Secrets.Name.AUTH), "RELAY_AUTH_SECRET", "BETTER_AUTH_SECRET");
    own.unlessSet(local, "RELAY_PUBLIC_URL", "PIZZAPI_BASE_URL", "BETTER_AUTH_BASE_URL");
    own.unlessSet(
        folder.resolve("attachments").toString(), "RELAY_BLOB_FOLDER", "PIZZAPI_ATTACHMENT_DIR");
    own.unlessSet(
        "http://" + TunnelHosts.DOMAIN + ":" + publicPort,
        "RELAY_TUNNEL_DOMAIN",
        "PIZZAPI_TUNNEL_DOMAIN");
    own.settings.put(
        "RELAY_TRUSTED_ORIGINS",
        Stream.of(
                local,
                "http://127.0.0.1:" + publicPort,
                own.given("RELAY_TRUSTED_ORIGINS"),
                own.given("PIZZAPI_EXTRA_ORIGINS"))
            .filter(origins -> !origins.isBlank())
            .collect(Collectors.joining(",")));
    return own.settings;
  }

  private void unlessSet(String value, String... names) {
    if (Stream.of(names).allMatch(name -> given(name).isBlank())) {
      settings.put(names[0], value);
    }
  }

  private String given(String name) {
    return environment.getOrDefault(name, "");
  }
}
