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
import org.jspecify.annotations.Nullable;

/**
 * The one key pair of the relay, the same in every replica and after every restart: subscriptions
 * are bound to it. It is what the configuration gives, else what the first start made.
 */
@ApplicationScoped
public class VapidKeys {
  /** RFC 8292 allows a day; half of it leaves room for clocks. */
  private static final Duration SIGNED_FOR = Duration.ofHours(12).minusMinutes(5);

  private final PushConfig config;
  private final StoredKeyPair stored;
  private volatile @Nullable Loaded loaded;

  private record Loaded(String publicKey, VAPIDKeyPair pair) {}

  VapidKeys(PushConfig config, StoredKeyPair stored) {
    this.config = config;
    this.stored = stored;
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

  /** The {@code Authorization} header for a provider (RFC 8292). Blocks at first. */
  public String authorization(URI endpoint) {
    VAPIDJWTParam claims =
        VAPIDJWTParam.getBuilder()
            .resourceURLString(endpoint.toString())
            .expirationTime(Instant.now().plus(SIGNED_FOR))
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
