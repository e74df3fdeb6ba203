package dev.agentrelay.platform.http;

import dev.agentrelay.platform.config.RelayConfig;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Where a request comes from, seen through the proxies that are believed (rest.md 1.8). */
@ApplicationScoped
public class ClientAddress {
  private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");
  private static final List<String> PRIVATE =
      List.of(
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "169.254.0.0/16",
          "fe80::/10",
          "fc00::/7");

  private static final int NETWORK_BYTES = 8;

  private final List<IpSubnetFilterRule> believed;
  private final int depth;

  ClientAddress(RelayConfig config) {
    RelayConfig.Proxy proxy = config.proxy();
    this.depth = proxy.depth();
    this.believed =
        switch (proxy.trust()) {
          case NEVER -> List.of();
          case LOOPBACK ->
              rules(Stream.concat(LOOPBACK.stream(), proxy.cidrs().stream().flatMap(List::stream)));
          case PRIVATE -> rules(Stream.concat(LOOPBACK.stream(), PRIVATE.stream()));
        };
  }

  private static List<IpSubnetFilterRule> rules(Stream<String> cidrs) {
    return cidrs.map(ClientAddress::rule).toList();
  }

  private static IpSubnetFilterRule rule(String cidr) {
    String[] parts = cidr.split("/", 2);
    int prefix =
        parts.length == 2
            ? Integer.parseInt(parts[1])
            : NetUtil.isValidIpV6Address(cidr) ? 128 : 32;
    return new IpSubnetFilterRule(parts[0], prefix, IpFilterRuleType.ACCEPT);
  }

  /** The client's numeric address. */
  public String of(HttpServerRequest request) {
    return of(request.remoteAddress().hostAddress(), request.headers().getAll("x-forwarded-for"));
  }

  /**
   * What limits count by: the client's address, or of IPv6 the network of 64 bits, since whoever
   * has one address of it has them all.
   */
  public String networkOf(HttpServerRequest request) {
    return network(of(request));
  }

  static String network(String address) {
    if (!NetUtil.isValidIpV6Address(address)) {
      return address;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64";
  }

  String of(String peer, List<String> forwardedFor) {
    String own = unmapped(peer);
    if (!isBelieved(own)) {
      return own;
    }
    List<String> chain =
        forwardedFor.stream().flatMap(line -> Stream.of(line.split(",", -1))).toList();
    int position = chain.size() - 1 - depth;
    if (position < 0) {
      return own;
    }
    String client = unmapped(chain.get(position).strip());
    return isNumeric(client) ? client : own;
  }

  private boolean isBelieved(String address) {
    InetAddress numeric = NetUtil.createInetAddressFromIpAddressString(address);
    if (numeric == null) {
      return false;
    }
    InetSocketAddress peer = new InetSocketAddress(numeric, 0);
    return believed.stream().anyMatch(rule -> rule.matches(peer));
  }

  private static boolean isNumeric(String address) {
    return NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address);
  }

  private static String unmapped(String address) {
    return address.startsWith("::ffff:") ? address.substring("::ffff:".length()) : address;
  }
}
