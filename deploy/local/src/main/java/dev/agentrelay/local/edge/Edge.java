package dev.agentrelay.local.edge;

import dev.agentrelay.local.data.LauncherException;
import dev.agentrelay.proxy.ForwardedHeaders;
import dev.agentrelay.proxy.ProxyOptions;
import dev.agentrelay.proxy.ReverseProxy;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The one public port: passes each path to the service the route table names, the hosts of tunnels
 * to theirs, and everything else to whoever has a page for it, at last to the console. Replicas of
 * a service that are ready take turns; nothing is sticky.
 */
public final class Edge implements AutoCloseable {
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final long CLOSE_SECONDS = 5;
  private static final String CONSOLE = "/console/";

  private final Vertx vertx;
  private final ReverseProxy proxy;
  private final Routes routes;
  private final Map<String, Replicas> services;
  private final List<Pages> pages;
  private final Optional<Replicas> console;

  /** Answers what no service does. */
  public interface Pages {
    /** Answers a request for a path outside {@code /api/}, or says that it is none of these. */
    boolean answer(HttpServerRequest request);
  }

  private Edge(
      Vertx vertx,
      Routes routes,
      Map<String, Replicas> services,
      List<Pages> pages,
      boolean believeXff) {
    this.vertx = vertx;
    this.routes = routes;
    this.services = services;
    this.pages = pages;
    this.console = routes.serviceFor(CONSOLE).map(services::get);
    // Only this machine can reach us, so a peer that forwards is this machine's own proxy.
    this.proxy =
        ReverseProxy.create(
            vertx,
            ProxyOptions.defaults(believeXff ? ForwardedHeaders.KEEP : ForwardedHeaders.REPLACE));
  }

  /**
   * Starts listening on loopback.
   *
   * @param services the replicas of each service named by the routes
   * @param pages asked in turn for what no service answers; what none has goes to the console
   * @param believeXff whether a local proxy's {@code X-Forwarded-*} headers are believed (contract
   *     rest.md section 1.8)
   * @throws LauncherException when the port is taken
   */
  public static Edge start(
      int port,
      Routes routes,
      Map<String, List<Upstream>> services,
      List<Pages> pages,
      boolean believeXff) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    Map<String, Replicas> replicas =
        services.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> new Replicas(entry.getValue())));
    HttpClient probes = vertx.createHttpClient();
    replicas.values().forEach(each -> each.watch(vertx, probes));
    Edge edge = new Edge(vertx, routes, replicas, pages, believeXff);
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxHeaderSize(MAX_HEAD_BYTES)
                    .setMaxInitialLineLength(MAX_HEAD_BYTES)
                    .setTcpNoDelay(true))
            .requestHandler(edge::answer);
    try {
      server.listen(port, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
      return edge;
    } catch (CompletionException taken) {
      edge.close();
      throw new LauncherException(
          "Port " + port + " is taken by another program; choose one with --port.", taken);
    }
  }

  @Override
  public void close() {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private void answer(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    Optional<String> name =
        TunnelHosts.isMeant(request) ? Optional.of(TunnelHosts.SERVICE) : routes.serviceFor(path);
    Optional<Replicas> service = name.map(services::get);
    if (service.isPresent()) {
      proxy.forward(request, service.get().next());
    } else if (path.startsWith("/api/")
        || path.startsWith("/internal/")
        || path.startsWith("/q/")) {
      notFound(request);
    } else if (pages.stream().noneMatch(each -> each.answer(request))) {
      console.ifPresentOrElse(
          replicas -> proxy.forward(request, replicas.next()), () -> notFound(request));
    }
  }

  static void notFound(HttpServerRequest request) {
    HttpServerResponse response =
        request
            .response()
            .setStatusCode(404)
            .putHeader("Content-Type", "application/json;charset=utf-8");
    response.end("{\"error\":\"Not found\",\"code\":\"not_found\"}");
  }
}
