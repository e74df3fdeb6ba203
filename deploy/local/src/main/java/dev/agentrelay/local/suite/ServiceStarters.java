package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.Ports;
import dev.agentrelay.local.data.Secrets;
import dev.agentrelay.local.supervisor.Child;
import dev.agentrelay.local.supervisor.ServiceProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** How each service is started and what it is told by its environment. */
public final class ServiceStarters {
  private final Build build;
  private final Map<Replica, Path> logs = new LinkedHashMap<>();
  private final Map<String, String> shared;

  /**
   * @param environment what the operator has set, which goes before what is set here
   * @param copies how many replicas of each service
   * @param publicPort where the edge listens
   */
  public ServiceStarters(
      Build build,
      DataFolder folder,
      Secrets secrets,
      Ports ports,
      StoreAddresses stores,
      Map<String, String> environment,
      ToIntFunction<Service> copies,
      int publicPort) {
    this.build = build;
    for (Replica replica : Replica.all(copies, ports)) {
      logs.put(replica, folder.log(replica.name()));
    }
    this.shared = new HashMap<>(stores.settings());
    shared.put("RELAY_AUTH_URL", url(Service.AUTH));
    shared.put("RELAY_SESSION_SERVICE_URL", url(Service.SESSION));
    shared.put("RELAY_TRIGGER_SERVICE_URL", url(Service.TRIGGER));
    shared.putAll(OperatorSettings.of(environment, folder, secrets, publicPort));
    shared.put("RELAY_INTERNAL_SECRET", secrets.get(Secrets.Name.INTERNAL));
  }

  /**
   * Where the first replica of a service listens: nothing balances what services ask each other.
   */
  private String url(Service service) {
    return replicas().stream()
        .filter(replica -> replica.service() == service)
        .map(replica -> "http://" + replica.address())
        .findFirst()
        .orElseThrow();
  }

  /** Every process that will run. */
  public List<Replica> replicas() {
    return List.copyOf(logs.keySet());
  }

  public Map<String, Supplier<? extends Child>> starters() {
    Map<String, Supplier<? extends Child>> starters = new LinkedHashMap<>();
    logs.forEach(
        (replica, log) ->
            starters.put(
                replica.name(), () -> start(replica, log, build.cache(replica.service()).use())));
    return starters;
  }

  ServiceProcess start(Replica replica, Path log, List<String> cacheOptions) {
    Map<String, String> environment = new HashMap<>(shared);
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(replica.port()));
    environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(replica.managementPort()));
    environment.put("RELAY_REPLICA_ID", replica.id());
    environment.put("RELAY_REPLICA_ADDRESS", replica.address());
    return ServiceProcess.start(
        replica.name(),
        build.command(replica.service(), cacheOptions),
        environment,
        log,
        replica.readiness());
  }
}
