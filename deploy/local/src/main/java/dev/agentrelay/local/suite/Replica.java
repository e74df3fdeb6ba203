package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.Ports;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * One process of one service.
 *
 * @param name unique in the suite; also the name of its log
 * @param id what it calls itself among its like, {@code gateway-1} say
 * @param port where it listens on loopback
 * @param managementPort where it tells its health and metrics, on loopback too
 */
public record Replica(Service service, String name, String id, int port, int managementPort) {

  static List<Replica> all(ToIntFunction<Service> copies, Ports ports) {
    List<Replica> replicas = new ArrayList<>();
    for (Service service : Service.values()) {
      int wanted = copies.applyAsInt(service);
      for (int number = 1; number <= wanted; number++) {
        String name = wanted == 1 ? service.module() : service.module() + "-" + number;
        String id = (service == Service.GATEWAY ? "gateway" : service.module()) + "-" + number;
        replicas.add(of(service, name, id, ports));
      }
    }
    return replicas;
  }

  private static Replica of(Service service, String name, String id, Ports ports) {
    return new Replica(service, name, id, ports.of(name), ports.of(name + "-management"));
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Answers 200 while it serves. */
  public URI readiness() {
    return URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
  }
}
