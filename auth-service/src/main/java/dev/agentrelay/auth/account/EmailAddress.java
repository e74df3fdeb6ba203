package dev.agentrelay.auth.account;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;

/** Which addresses are accepted (rest.md 3, A1). */
public final class EmailAddress {
  private static final int LONGEST = 254;
  private static final int LONGEST_LOCAL_PART = 64;
  private static final Pattern FORM =
      Pattern.compile(
          "(?<local>[^@\\p{Z}\\p{C}]+)@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+"
              + "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])",
          Pattern.CASE_INSENSITIVE);

  private EmailAddress() {}

  public static boolean isValid(String text) {
    // A text in another form may look like somebody else's address, or become it in lower case.
    if (bytes(text) > LONGEST || !Normalizer.isNormalized(text, Normalizer.Form.NFKC)) {
      return false;
    }
    var match = FORM.matcher(text);
    return match.matches() && bytes(match.group("local")) <= LONGEST_LOCAL_PART;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
