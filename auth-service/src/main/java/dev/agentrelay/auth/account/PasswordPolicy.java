package dev.agentrelay.auth.account;

import java.util.regex.Pattern;

/** What a password must be (rest.md 2.6). Lengths are counted in code points. */
public final class PasswordPolicy {
  public static final int SHORTEST = 8;
  public static final int LONGEST = 128;
  public static final String SENTENCE =
      "Password must be at least 8 characters long, no more than 128 characters, and contain at"
          + " least one uppercase letter, one lowercase letter, and one number";

  private static final Pattern UPPER = Pattern.compile("[A-Z]");
  private static final Pattern LOWER = Pattern.compile("[a-z]");
  private static final Pattern DIGIT = Pattern.compile("[0-9]");

  private PasswordPolicy() {}

  public static boolean accepts(String password) {
    int length = password.codePointCount(0, password.length());
    return length >= SHORTEST && length <= LONGEST && isMixed(password);
  }

  /** Whether there is an upper-case letter, a lower-case letter and a digit. */
  public static boolean isMixed(String password) {
    return UPPER.matcher(password).find()
        && LOWER.matcher(password).find()
        && DIGIT.matcher(password).find();
  }
}
