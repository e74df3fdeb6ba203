package dev.agentrelay.push.vapid;

import com.zerodeplibs.webpush.VAPIDKeyPair;
import com.zerodeplibs.webpush.VAPIDKeyPairs;
import com.zerodeplibs.webpush.jwt.VAPIDJWTParam;
import com.zerodeplibs.webpush.key.PrivateKeySources;
import com.zerodeplibs.webpush.key.PublicKeySources;
import dev.agentrelay.push.PushConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one key pair of the relay, the same in every replica and after every restart: subscriptions
 * are bound to it. It is what the configuration gives, else what the first start made.
 */
@ApplicationScoped
public class VapidKeys {
  /** RFC 8292 allows a day; half of it leaves room for clocks. */
  private static final Duration SIGNED_FOR = Duration.ofHours(12).minusMinutes(5);

  private static final Duration REUSED_FOR = Duration.ofHours(6);
  private static final int MOST_ORIGINS = 1_000;

  private final PushConfig config;
  private final StoredKeyPair stored;
  private final InstantSource clock;
  private final Map<String, Signed> signed = new ConcurrentHashMap<>();
  private volatile @Nullable Loaded loaded;

  private record Loaded(String publicKey, VAPIDKeyPair pair) {}

  private record Signed(String header, Instant at) {
    boolean isGoodAt(Instant time) {
      return !time.isBefore(at) && time.isBefore(at.plus(REUSED_FOR));
    }
  }

  VapidKeys(PushConfig config, StoredKeyPair stored, InstantSource clock) {
    this.config = config;
    this.stored = stored;
    this.clock = clock;
  }

  /** Keys that make no pair stop the start; a database that is away does not. */
  void check(@Observes StartupEvent event) {
    PushConfig.Vapid vapid = config.vapid();
    if (vapid.publicKey().isPresent() != vapid.privateKey().isPresent()) {
      throw new IllegalStateException(
          "relay.push.vapid.public-key and relay.push.vapid.private-key go together");
    }
    if (vapid.publicKey().isPresent()) {
      loaded();
    }
  }

  /** The public point as browsers want it: 65 bytes in unpadded base64url. Blocks at first. */
  public String publicKey() {
    return loaded().publicKey();
  }

  /**
   * The {@code Authorization} header for a provider (RFC 8292), the same for some hours. Blocks at
   * first.
   */
  public String authorization(URI endpoint) {
    Instant now = clock.instant();
    String origin = "https://" + endpoint.getAuthority();
    Signed known = signed.get(origin);
    if (known != null && known.isGoodAt(now)) {
      return known.header();
    }
    if (signed.size() >= MOST_ORIGINS) {
      signed.clear();
    }
    String header = sign(origin, now);
    signed.put(origin, new Signed(header, now));
    return header;
  }

  private String sign(String origin, Instant now) {
    VAPIDJWTParam claims =
        VAPIDJWTParam.getBuilder()
            .resourceURLString(origin)
            .expirationTime(now.plus(SIGNED_FOR))
            .subject(config.vapid().subject())
            .build();
    return loaded().pair().generateAuthorizationHeaderValue(claims);
  }

  private Loaded loaded() {
    Loaded known = loaded;
    if (known == null) {
      known = load();
      loaded = known;
    }
    return known;
  }

  private Loaded load() {
    KeyPairText text =
        config
            .vapid()
            .publicKey()
            .map(given -> new KeyPairText(given, config.vapid().privateKey().orElseThrow()))
            .orElseGet(stored::get);
    VAPIDKeyPair pair =
        VAPIDKeyPairs.of(
            PrivateKeySources.ofECPrivateKey(text.toPrivateKey()),
            PublicKeySources.ofECPublicKey(text.toPublicKey()));
    return new Loaded(pair.extractPublicKeyInUncompressedFormAsString(), pair);
  }
}
