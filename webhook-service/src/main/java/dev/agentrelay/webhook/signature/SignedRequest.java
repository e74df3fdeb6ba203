package dev.agentrelay.webhook.signature;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sender sent.
 *
 * @param headers by their names in lower case; of a name that comes twice, the first value
 * @param body as it came, byte for byte
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record SignedRequest(Map<String, String> headers, byte[] body) {

  /** A header's value; {@code null} when it is absent or empty. */
  public @Nullable String header(String name) {
    String value = headers.get(name.toLowerCase(Locale.ROOT));
    return value == null || value.isEmpty() ? null : value;
  }
}
