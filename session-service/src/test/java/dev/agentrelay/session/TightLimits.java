package dev.agentrelay.session;

import dev.agentrelay.testkit.stores.FreePorts;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * Room for one of each, little for each user, tokens that are over at once, and files in a bucket,
 * which is chosen by its name alone. One profile for all that, because each profile starts the
 * service anew.
 */
public final class TightLimits implements QuarkusTestProfile {
  static final int BYTES_OF_A_USER = 10_000_000;
  static final int BYTES_OF_A_FILE = 7_000_000;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        Map.entry("relay.attachment.token-life", "0s"),
        Map.entry("relay.attachment.uploads-at-once", "1"),
        Map.entry("relay.blob.s3.bucket", "box"),
        Map.entry("relay.blob.s3.endpoint", "http://127.0.0.1:" + FreePorts.next()),
        Map.entry("relay.blob.s3.access-key", "key"),
        Map.entry("relay.blob.s3.secret-key", "secret"),
        Map.entry("relay.quotas.attachment-bytes", String.valueOf(BYTES_OF_A_USER)),
        Map.entry("relay.session.events.streams", "1"),
        Map.entry("relay.session.events.stream-life", "8s"),
        Map.entry("relay.attachment.largest-file", String.valueOf(BYTES_OF_A_FILE)),
        Map.entry("relay.attachment.life", "60s"));
  }
}
