package dev.agentrelay.testkit.push;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The {@code Authorization} of whoever posts to a push provider, read as the standard says (RFC
 * 8292).
 *
 * @param key his public point in base64url
 * @param claims what he claims
 * @param signed whether the claims are signed with ES256 by that key
 */
public record VapidHeader(String key, JSONObject claims, boolean signed) {
  private static final Pattern FORM =
      Pattern.compile("vapid t=([\\w-]+)\\.([\\w-]+)\\.([\\w-]+), ?k=([\\w-]+)");

  /**
   * Reads a header.
   *
   * @throws IllegalArgumentException when it has another form
   */
  static VapidHeader parse(String header) {
    Matcher parts = FORM.matcher(header);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no VAPID header: " + header);
    }
    try {
      JSONObject token = new JSONObject(text(parts.group(1)));
      boolean named = "ES256".equals(token.optString("alg"));
      String signedText = parts.group(1) + "." + parts.group(2);
      return new VapidHeader(
          parts.group(4),
          new JSONObject(text(parts.group(2))),
          named && isSigned(signedText, bytes(parts.group(3)), bytes(parts.group(4))));
    } catch (JSONException | GeneralSecurityException e) {
      throw new IllegalArgumentException("no VAPID header: " + header, e);
    }
  }

  private static boolean isSigned(String text, byte[] signature, byte[] point)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
    verifier.initVerify(BrowserKeys.publicKey(point));
    verifier.update(text.getBytes(StandardCharsets.US_ASCII));
    return verifier.verify(signature);
  }

  private static String text(String base64) {
    return new String(bytes(base64), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String base64) {
    return Base64.getUrlDecoder().decode(base64);
  }
}
