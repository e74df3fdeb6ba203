package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.error.RelayException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the address of a path tunnel says (tunnel.md 3.1).
 *
 * @param token the credential in the path, on token tunnels
 * @param port 0 when the digits are no port
 * @param root path of the tunnels of the same scope, canonical, with a slash at its end
 * @param url path and query for the app, credentials taken out of the query
 */
record TunnelPath(Scope scope, @Nullable String token, int port, String root, String url) {
  private static final String PREFIX = "/api/tunnel/";
  private static final String RUNNER = "runner:";
  private static final int MAX_PORT = 65_535;
  private static final int PORT_DIGITS = 5;

  /** Whose tunnel it is. */
  sealed interface Scope {
    /** How a token names it. */
    String text();

    record OfSession(SessionId session) implements Scope {
      @Override
      public String text() {
        return session.value();
      }
    }

    record OfRunner(RunnerId runner) implements Scope {
      @Override
      public String text() {
        return RUNNER + runner;
      }
    }

    static Scope parse(String text) {
      return text.startsWith(RUNNER) && text.length() > RUNNER.length()
          ? new OfRunner(new RunnerId(text.substring(RUNNER.length())))
          : new OfSession(new SessionId(text));
    }
  }

  /**
   * Reads a request's path and query as they came.
   *
   * @throws RelayException with 404 when this is no tunnel's address, 400 when it is a bad one
   */
  static TunnelPath parse(String uri) {
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    if (!path.startsWith(PREFIX)) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Not found");
    }
    refuseDotSegments(path);
    String[] parts = path.substring(PREFIX.length()).split("/", 5);
    String query = question < 0 ? "" : Queries.withoutCredentials(uri.substring(question));
    if (parts[0].equals("runner") && parts.length > 2) {
      String id = idIn(parts[1], "Missing runner ID");
      return new TunnelPath(
          new Scope.OfRunner(new RunnerId(id)),
          null,
          port(parts[2]),
          PREFIX + "runner/" + encoded(id) + "/",
          tail(path, 3) + query);
    }
    if (parts[0].equals("auth") && parts.length > 3) {
      String scope = idIn(parts[2], "Bad tunnel token path");
      return new TunnelPath(
          Scope.parse(scope),
          parts[1],
          port(parts[3]),
          PREFIX + "auth/" + parts[1] + "/" + encoded(scope) + "/",
          tail(path, 4) + query);
    }
    if (parts.length < 2) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Not found");
    }
    String id = idIn(parts[0], "Missing session ID");
    return new TunnelPath(
        new Scope.OfSession(new SessionId(id)),
        null,
        port(parts[1]),
        PREFIX + encoded(id) + "/",
        tail(path, 2) + query);
  }

  /** What follows the given number of segments; a slash when nothing does. */
  private static String tail(String path, int segments) {
    int at = PREFIX.length() - 1;
    for (int i = 0; i < segments && at >= 0; i++) {
      at = path.indexOf('/', at + 1);
    }
    return at < 0 ? "/" : path.substring(at);
  }

  private static String idIn(String segment, String missing) {
    try {
      String id = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (!id.isBlank()) {
        return id;
      }
    } catch (IllegalArgumentException malformed) {
      // Answered like an id that is missing.
    }
    throw new RelayException(ErrorCode.INVALID_REQUEST, missing);
  }

  private static int port(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Not found");
    }
    String significant = digits.replaceFirst("^0+", "");
    if (significant.isEmpty() || significant.length() > PORT_DIGITS) {
      return 0;
    }
    int port = Integer.parseInt(significant);
    return port > MAX_PORT ? 0 : port;
  }

  /** A path that climbs would name another tunnel to the app than to the gates. */
  private static void refuseDotSegments(String path) {
    for (String segment : path.split("[/\\\\]", -1)) {
      String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
      if (plain.equals(".") || plain.equals("..")) {
        throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid path");
      }
    }
  }

  /** A path as it may stand in a log: a token in it is a credential. */
  static String withoutToken(String path) {
    return path.replaceFirst("^" + PREFIX + "auth/[^/]*", PREFIX + "auth/...");
  }

  static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
