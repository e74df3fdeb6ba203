package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.Ports;
import dev.agentrelay.local.data.Secrets;
import dev.agentrelay.local.edge.Upstream;
import dev.agentrelay.local.supervisor.Console;
import dev.agentrelay.local.supervisor.Supervisor;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Stores and services of one relay, started; what stands in front of them is the caller's.
 *
 * @param replicas every process of a service
 */
public record LocalSuite(List<Replica> replicas) {
  public LocalSuite {
    replicas = List.copyOf(replicas);
  }

  /**
   * Starts the stores, then the services, and returns when all serve. The supervisor stops them.
   *
   * @param environment the operator's; it may name stores that run elsewhere, see {@link
   *     StoreStarters#starters}
   * @param copies how many replicas of each service
   * @param publicPort where clients will reach the relay
   */
  public static LocalSuite start(
      Supervisor supervisor,
      Console console,
      Build build,
      DataFolder folder,
      Map<String, String> environment,
      ToIntFunction<Service> copies,
      int publicPort) {
    Secrets secrets = Secrets.of(folder);
    Ports ports = new Ports(folder);
    StoreStarters stores = new StoreStarters(folder, secrets, ports, build);
    var storeStarters = stores.starters(environment);
    console.say("Starting stores");
    supervisor.start(storeStarters);
    ServiceStarters services =
        new ServiceStarters(
            build, folder, secrets, ports, stores.addresses(), environment, copies, publicPort);
    console.say("Starting services");
    supervisor.start(services.starters());
    return new LocalSuite(services.replicas());
  }

  /** Where each service's replicas listen, by its name in the route table. */
  public Map<String, List<Upstream>> upstreams() {
    return replicas.stream()
        .collect(
            Collectors.groupingBy(
                replica -> replica.service().module(),
                Collectors.mapping(
                    replica ->
                        new Upstream(
                            SocketAddress.inetSocketAddress(replica.port(), "127.0.0.1"),
                            Optional.of(replica.readiness())),
                    Collectors.toList())));
  }
}
