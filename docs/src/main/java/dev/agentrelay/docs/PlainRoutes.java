package dev.agentrelay.docs;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.docs.Endpoint.Access;
import dev.agentrelay.docs.Endpoint.Parameter;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The endpoints that are served below JAX-RS, on the router itself. */
final class PlainRoutes {
  private static final String GATEWAY = "runner-gateway";
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z]+)\\}");
  private static final String TUNNEL = "tunnel-service";
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private PlainRoutes() {}

  static List<Endpoint> all() {
    Stream<Endpoint> health =
        Stream.of("/health", "/status", "/api/status")
            .map(
                path ->
                    endpoint(
                        GATEWAY,
                        "GET",
                        path,
                        "whether the relay works; the answer is always 200 and its body tells",
                        Access.ANYONE,
                        "application/json"));
    Stream<Endpoint> sockets =
        Stream.of("GET", "POST")
            .map(
                method ->
                    endpoint(
                        GATEWAY,
                        method,
                        "/socket.io/",
                        "the Socket.IO transport",
                        Access.ANYONE,
                        "*/*"));
    Stream<Endpoint> tunnels =
        Stream.of(
            endpoint(
                TUNNEL,
                "GET",
                "/_tunnel",
                "the WebSocket of a runner's tunnel",
                Access.ANYONE,
                "*/*"),
            endpoint(
                TUNNEL,
                "POST",
                "/api/tunnel-token",
                "a token for a tunnel in a browser that cannot send cookies",
                Access.CALLER,
                "application/json",
                ErrorCode.INVALID_REQUEST,
                ErrorCode.FORBIDDEN,
                ErrorCode.NOT_FOUND));
    return Stream.of(health, sockets, tunnels, throughTunnels()).flatMap(each -> each).toList();
  }

  /** With a token in the path nothing else has to say who asks. */
  private static Stream<Endpoint> throughTunnels() {
    return Stream.concat(
        Stream.of(
                "/api/tunnel/{sessionId}/{port}/{path}",
                "/api/tunnel/runner/{runnerId}/{port}/{path}")
            .flatMap(path -> throughTunnel(path, Access.CALLER)),
        throughTunnel("/api/tunnel/auth/{token}/{scope}/{port}/{path}", Access.ANYONE));
  }

  private static Stream<Endpoint> throughTunnel(String path, Access access) {
    return Stream.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
        .map(
            method ->
                endpoint(
                    TUNNEL,
                    method,
                    path,
                    "a request to a port of a runner's machine",
                    access,
                    "*/*",
                    ErrorCode.INVALID_REQUEST,
                    ErrorCode.UNAUTHORIZED,
                    ErrorCode.FORBIDDEN,
                    ErrorCode.NOT_FOUND,
                    ErrorCode.RATE_LIMITED,
                    ErrorCode.RUNNER_UNREACHABLE,
                    ErrorCode.TIMEOUT));
  }

  private static Endpoint endpoint(
      String service,
      String method,
      String path,
      String summary,
      Access access,
      String mediaType,
      ErrorCode... failures) {
    SortedMap<Integer, SortedSet<String>> codes = new TreeMap<>();
    ErrorCodes.add(codes, ErrorCode.UNAVAILABLE);
    if (access != Access.ANYONE) {
      ErrorCodes.add(codes, ErrorCode.UNAUTHORIZED);
    }
    Stream.of(failures).forEach(code -> ErrorCodes.add(codes, code));
    List<Parameter> parameters =
        VARIABLE
            .matcher(path)
            .results()
            .map(found -> new Parameter(found.group(1), "path", "string"))
            .toList();
    String id = path.replaceAll("[^A-Za-z]+", "_").replaceAll("^_|_$", "");
    return new Endpoint(
        service,
        method,
        path,
        id,
        summary,
        access,
        parameters,
        WITH_BODY.contains(method) ? mediaType : null,
        mediaType,
        null,
        codes);
  }
}
