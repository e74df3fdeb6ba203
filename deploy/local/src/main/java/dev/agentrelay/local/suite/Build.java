package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.LauncherException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ./mvnw package} has made.
 *
 * @param root the folder of the whole project
 * @param developed the service that runs from its sources instead; {@code null} for none
 */
public record Build(Path root, @Nullable Service developed) {

  /** Where a debugger connects to the service that runs from its sources. */
  public static final int DEBUG_PORT = 5005;

  /** The build that this launcher belongs to. */
  public static Build own() {
    String given = System.getProperty("relay.home");
    if (given != null) {
      return new Build(Path.of(given).toAbsolutePath(), null);
    }
    try {
      Path jar = Path.of(Build.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (Path folder = jar; folder != null; folder = folder.getParent()) {
        if (Files.exists(folder.resolve("mvnw"))) {
          return new Build(folder, null);
        }
      }
    } catch (URISyntaxException broken) {
      throw new IllegalStateException(broken);
    }
    throw new LauncherException("The launcher was moved out of its project; run it by ./relay.");
  }

  /** The program of that service. */
  Path program(Service service) {
    return folder(service).resolve("quarkus-run.jar");
  }

  private Path folder(Service service) {
    return root.resolve(service.module()).resolve("target/quarkus-app");
  }

  StartupCache cache(Service service) {
    return StartupCache.of(program(service), service.module());
  }

  StartupCache kafkaCache() {
    return StartupCache.of(root.resolve("deploy/local/target/relay.jar"), "kafka");
  }

  /** The route table. */
  public Path routes() {
    return root.resolve("deploy/routes.yaml");
  }

  /** This build, with one service run from its sources. */
  public Build developing(Service service) {
    return new Build(root, service);
  }

  /** The start of a service's command line. */
  List<String> command(Service service, List<String> cacheOptions) {
    return service == developed ? fromSources(service) : built(service, cacheOptions);
  }

  /**
   * The framework's development mode: what has changed is compiled at the next request, and a
   * debugger may connect.
   */
  private List<String> fromSources(Service service) {
    return List.of(
        root.resolve("mvnw").toString(),
        "-B",
        "-T1",
        "-f",
        root.resolve("pom.xml").toString(),
        "-pl",
        service.module(),
        "-am",
        "-Dspotless.check.skip",
        "-Dquarkus.devservices.enabled=false",
        "-Dquarkus.test.continuous-testing=disabled",
        "-Ddebug=" + DEBUG_PORT,
        "compile",
        "quarkus:dev");
  }

  private List<String> built(Service service, List<String> cacheOptions) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(service.jvmOptions());
    command.addAll(cacheOptions);
    command.addAll(List.of("-cp", classPath(service), service.mainClass()));
    return command;
  }

  /**
   * The program's own class path, what it overrides before the rest. {@code -jar} would load it by
   * a class loader of the framework's, of which the JDK's cache knows half as much.
   */
  private String classPath(Service service) {
    Path folder = folder(service);
    Stream<Path> made =
        Stream.of("quarkus/transformed-bytecode.jar", "quarkus/generated-bytecode.jar")
            .map(folder::resolve);
    Stream<Path> taken =
        Stream.of("app", "lib/boot", "lib/main").map(folder::resolve).flatMap(Build::jars);
    return Stream.concat(made, taken)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Stream<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /**
   * Makes sure that every program is there.
   *
   * @throws LauncherException when one is missing
   */
  public void check() {
    for (Service service : Service.values()) {
      if (!Files.exists(program(service))) {
        throw new LauncherException(
            service.module() + " is not built; ./relay builds it, ./mvnw package does too.");
      }
    }
  }
}
