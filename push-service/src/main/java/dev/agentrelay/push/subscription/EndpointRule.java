package dev.agentrelay.push.subscription;

import dev.agentrelay.push.PushConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.Inet6Address;
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
              && allowsName(host.toLowerCase(Locale.ROOT));
      return possible ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Whether something may be sent to this address of that host. */
  public boolean allows(String host, InetAddress address) {
    return isPublic(address) || privateHosts.contains(host.toLowerCase(Locale.ROOT));
  }

  private boolean allowsName(String host) {
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
      return isPublic(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean special =
        address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress();
    if (address instanceof Inet6Address) {
      boolean uniqueLocal = (first & 0xfe) == 0xfc;
      // 64:ff9b::/32 and 2002::/16 carry an IPv4 address that a gateway would be sent to
      boolean translated =
          (first == 0 && second == 0x64 && (bytes[2] & 0xff) == 0xff)
              || (first == 0x20 && second == 2);
      return !special && !uniqueLocal && !translated;
    }
    boolean thisNetwork = first == 0;
    boolean carrierGrade = first == 100 && (second & 0xc0) == 64;
    boolean reserved = first >= 240;
    return !special && !thisNetwork && !carrierGrade && !reserved;
  }
}
