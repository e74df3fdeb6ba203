package dev.agentrelay.push.subscription;

import dev.agentrelay.push.PushConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which addresses notifications may be sent to (rest.md 6.3): https, and never a host of the
 * relay's own network. A name is judged by what it resolves to when something is sent.
 */
@ApplicationScoped
public class EndpointRule {
  private static final int LONGEST = 2_048;
  private static final Pattern LITERAL = Pattern.compile("\\[.*]|[0-9.]+|0x[0-9a-f.x]+");

  private final Set<String> privateHosts;

  EndpointRule(PushConfig config) {
    this.privateHosts = config.provider().privateHosts().orElse(Set.of());
  }

  /** The endpoint's address; empty when it is refused by its text alone. */
  public Optional<URI> parse(String endpoint) {
    if (endpoint.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(endpoint);
      String host = uri.getHost();
      boolean possible =
          "https".equalsIgnoreCase(uri.getScheme())
              && host != null
              && uri.getRawUserInfo() == null
              && isPort(uri.getPort())
              && allowsName(host.toLowerCase(Locale.ROOT));
      return possible ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Whether something may be sent to this address of that host. */
  public boolean allows(String host, InetAddress address) {
    return PublicAddresses.contain(address) || privateHosts.contains(host.toLowerCase(Locale.ROOT));
  }

  private static boolean isPort(int port) {
    return port == -1 || (port > 0 && port <= 65_535);
  }

  private boolean allowsName(String written) {
    // the dot at the end of a full name changes nothing of where it leads
    String host = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
    if (privateHosts.contains(host)) {
      return true;
    }
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return false;
    }
    if (!LITERAL.matcher(host).matches()) {
      return true;
    }
    try {
      return PublicAddresses.contain(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
