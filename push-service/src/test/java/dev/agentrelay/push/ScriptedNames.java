package dev.agentrelay.push;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Names of this JVM's tests: those below {@code inside.test} lead into the house, those below
 * {@code mixed.test} there and elsewhere, those below {@code rebinding.test} elsewhere at first and
 * into the house later; those below {@code silent.test} are never answered; all others are looked
 * up as usual.
 */
public final class ScriptedNames extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    return new Resolver(configuration.builtinResolver(), ConcurrentHashMap.newKeySet());
  }

  @Override
  public String name() {
    return "scripted names";
  }

  private record Resolver(InetAddressResolver usual, Set<String> known)
      implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      InetAddress house = InetAddress.getLoopbackAddress();
      if (host.endsWith(".inside.test")) {
        return Stream.of(house);
      }
      if (host.endsWith(".mixed.test")) {
        return Stream.of(elsewhere(), house);
      }
      if (host.endsWith(".rebinding.test")) {
        return Stream.of(known.add(host) ? elsewhere() : house);
      }
      if (host.endsWith(".silent.test")) {
        return neverAnswer(host);
      }
      return usual.lookupByName(host, policy);
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      return usual.lookupByAddress(address);
    }

    /** An address for documents, where nobody answers (RFC 5737). */
    private static InetAddress elsewhere() throws UnknownHostException {
      return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    }

    private static Stream<InetAddress> neverAnswer(String host) throws UnknownHostException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      throw new UnknownHostException(host);
    }
  }
}
