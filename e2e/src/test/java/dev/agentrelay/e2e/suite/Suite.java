package dev.agentrelay.e2e.suite;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.demo.DemoRunners;
import dev.agentrelay.local.edge.Edge;
import dev.agentrelay.local.edge.Routes;
import dev.agentrelay.local.suite.Build;
import dev.agentrelay.local.suite.LocalSuite;
import dev.agentrelay.local.suite.Replica;
import dev.agentrelay.local.suite.Service;
import dev.agentrelay.local.supervisor.Console;
import dev.agentrelay.local.supervisor.Supervisor;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.stores.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * The whole suite as processes: stores, two replicas of each of the seven services, and the edge.
 * Started once for all tests of this JVM and stopped when it ends. Logs stay in {@code
 * target/suite-logs}.
 */
public final class Suite {
  private static final int REPLICAS = 2;

  /** As the settings of the tests name it. Who signs in as the operator locks it by this name. */
  public static final String OPERATOR = "operator";

  private static final FutureTask<Suite> START = new FutureTask<>(Suite::new);

  private final Map<String, ProcessHandle> processes = new ConcurrentHashMap<>();
  private final DataFolder folder;
  private final Supervisor supervisor;
  private final URI edge;
  private final List<Replica> replicas;
  private final List<GatewayReplica> gateways;

  private Suite() {
    Build build = Build.own();
    build.check();
    folder = DataFolder.open(temporaryFolder());
    Console console = new Console(System.err);
    // tests end processes one after the other, which must not make the next ones wait longer
    supervisor = new Supervisor(console, processes::put, Duration.ZERO);
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-suite"));
    int port = FreePorts.next();
    LocalSuite suite =
        LocalSuite.start(supervisor, console, build, folder, Map.of(), each -> REPLICAS, port);
    edge = URI.create("http://localhost:" + port);
    Routes routes = Routes.read(build.routes());
    List<Edge.Pages> pages = List.of(new DemoRunners(edge));
    Edge opened = Edge.start(port, routes, suite.upstreams(), pages, true);
    Runtime.getRuntime().addShutdownHook(new Thread(opened::close, "close-edge"));
    replicas = suite.replicas();
    gateways =
        replicas.stream()
            .filter(replica -> replica.service() == Service.GATEWAY)
            .map(replica -> new GatewayReplica(replica, processes))
            .toList();
  }

  /**
   * The running suite.
   *
   * @throws IllegalStateException why it could not be started, the same for every test
   */
  public static Suite running() {
    START.run();
    try {
      return START.get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException(
          "The suite could not be started: " + failed.getCause(), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the suite started", interrupted);
    }
  }

  /** The public address; it is also the origin of the relay's own pages. */
  public URI edge() {
    return edge;
  }

  /** The first replica of the gateway. */
  public GatewayReplica gatewayA() {
    return gateways.get(0);
  }

  /** The second replica of the gateway. */
  public GatewayReplica gatewayB() {
    return gateways.get(1);
  }

  /** The addresses of a service's replicas, past the edge. */
  public List<URI> replicasOf(Service service) {
    return replicas.stream()
        .filter(replica -> replica.service() == service)
        .map(replica -> URI.create("http://" + replica.address()))
        .toList();
  }

  /** Every replica of every service; their addresses are past the edge. */
  public List<Replica> replicas() {
    return replicas;
  }

  /** A store or a service, by the name that its log has. */
  public Part part(String name) {
    return new Part(name, folder.resolve(name), processes, supervisor);
  }

  /** A fresh account with a fresh API key. */
  public Account newAccount() {
    return newAccount("person-" + UUID.randomUUID().toString().substring(0, 8));
  }

  /** The account of that name, which is made once. */
  public Account newAccount(String name) {
    String email = name + "@example.org";
    String password = "Correct-Horse-1";
    String key =
        new RelayClient(ClientOptions.of(edge)).register(name, email, password).options().apiKey();
    return new Account(name, email, password, String.valueOf(key));
  }

  /** Whoever the settings of the tests name as an operator. */
  public Account operatorAccount() {
    return newAccount(OPERATOR);
  }

  /** The operator, signed in. */
  public RelayClient operator() {
    Account operator = operatorAccount();
    return new RelayClient(ClientOptions.of(edge).withOrigin(edge.toString()))
        .signIn(operator.email(), operator.password());
  }

  private void stop() {
    supervisor.stop();
    keepLogs();
    try (Stream<Path> files = Files.walk(folder.path())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException left) {
      System.err.println("The folder " + folder.path() + " could not be deleted: " + left);
    }
  }

  private void keepLogs() {
    Path kept = Path.of("target", "suite-logs");
    try (Stream<Path> logs = Files.list(folder.resolve("logs"))) {
      Files.createDirectories(kept);
      for (Path log : logs.toList()) {
        Files.copy(log, kept.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException lost) {
      System.err.println("The logs of the suite could not be kept: " + lost);
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("agent-relay-e2e");
    } catch (IOException denied) {
      throw new UncheckedIOException(denied);
    }
  }
}
