package dev.agentrelay.push.subscription;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * Tells addresses of the world from those of a house, and from what tells hosts about themselves.
 */
final class PublicAddresses {
  /** Where machines of Azure ask about themselves; all others do so at link-local addresses. */
  private static final byte[] AZURE_METADATA = {(byte) 168, 63, (byte) 129, 16};

  private PublicAddresses() {}

  static boolean contain(InetAddress address) {
    boolean special =
        address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress();
    byte[] bytes = address.getAddress();
    return !special && !(address instanceof Inet6Address ? isSpecial6(bytes) : isSpecial4(bytes));
  }

  private static boolean isSpecial4(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean thisNetwork = first == 0;
    boolean carrierGrade = first == 100 && (second & 0xc0) == 64;
    boolean protocols = first == 192 && second == 0 && bytes[2] == 0;
    boolean benchmarks = first == 198 && (second & 0xfe) == 18;
    boolean reserved = first >= 240;
    return thisNetwork
        || carrierGrade
        || protocols
        || benchmarks
        || reserved
        || Arrays.equals(bytes, AZURE_METADATA);
  }

  private static boolean isSpecial6(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean uniqueLocal = (first & 0xfe) == 0xfc;
    // ::/96, 64:ff9b::/32, 2001::/32 and 2002::/16 carry an IPv4 address that is gone to instead
    boolean compatible = Arrays.equals(bytes, 0, 12, new byte[12], 0, 12);
    boolean translated = first == 0 && second == 0x64 && (bytes[2] & 0xff) == 0xff;
    boolean teredo = first == 0x20 && second == 1 && bytes[2] == 0 && bytes[3] == 0;
    boolean sixToFour = first == 0x20 && second == 2;
    return uniqueLocal || compatible || translated || teredo || sixToFour;
  }
}
