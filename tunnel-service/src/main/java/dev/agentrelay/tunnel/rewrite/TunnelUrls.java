package dev.agentrelay.tunnel.rewrite;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an app's addresses are on a path tunnel.
 *
 * @param root path of the tunnels of the same session or runner, with a slash at its end
 * @param port the app's port
 * @param ownOrigins origins at which viewers reach the relay
 */
public record TunnelUrls(String root, int port, Set<String> ownOrigins) {
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?i)(https?)://(?:127\\.0\\.0\\.1|localhost|\\[::1]|0\\.0\\.0\\.0)(?::(\\d{1,5}))?"
              + "(?=[/?#]|$)");
  private static final Pattern ABSOLUTE = Pattern.compile("(?i)([a-z][a-z0-9+.-]*:|//).*");
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** The path under which the app lies, without a slash at its end. */
  public String base() {
    return root + port;
  }

  /** The directory of a document of the app, as a base address. */
  public String directoryOf(String url) {
    int end = url.indexOf('?');
    String path = end < 0 ? url : url.substring(0, end);
    return base() + path.substring(0, path.lastIndexOf('/') + 1);
  }

  /**
   * A root-relative address (with any query and fragment) at its place in the tunnel; {@code null}
   * when the address is none, or is there already.
   */
  public @Nullable String prefixed(String address) {
    boolean rootRelative =
        address.startsWith("/") && !address.startsWith("//") && !address.startsWith("/\\");
    return rootRelative && !isBelow(address) ? base() + address : null;
  }

  /**
   * Like {@link #prefixed}, and for absolute addresses of the runner's loopback and of the relay
   * too; {@code null} when the address stays as it is.
   */
  public @Nullable String mapped(String address) {
    if (address.startsWith("/")) {
      return prefixed(address);
    }
    for (String origin : ownOrigins) {
      if (address.startsWith(origin) && endsOrigin(address, origin.length())) {
        String path = pathOf(address.substring(origin.length()));
        return isBelow(path) ? path : base() + path;
      }
    }
    Matcher local = LOOPBACK.matcher(address);
    return local.lookingAt() ? root + portOf(local) + pathOf(address.substring(local.end())) : null;
  }

  /** Whether an address, however it is written, leads to a tunnel, so that it may be rewritten. */
  boolean isOfApp(String address) {
    String stripped = address.strip();
    return !ABSOLUTE.matcher(stripped).lookingAt() || mapped(stripped) != null;
  }

  private static int portOf(Matcher local) {
    String explicit = local.group(2);
    if (explicit != null) {
      return Integer.parseInt(explicit);
    }
    return local.group(1).equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
  }

  private static String pathOf(String rest) {
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static boolean endsOrigin(String address, int at) {
    return at == address.length() || "/?#".indexOf(address.charAt(at)) >= 0;
  }

  private boolean isBelow(String path) {
    String base = base();
    return path.startsWith(base) && endsOrigin(path, base.length());
  }
}
