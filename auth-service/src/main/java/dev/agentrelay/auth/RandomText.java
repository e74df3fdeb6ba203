package dev.agentrelay.auth;

import java.security.SecureRandom;

/** Unguessable text for ids, tokens and keys. */
public final class RandomText {
  public static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  public static final String LETTERS_AND_DIGITS = LETTERS + "0123456789";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_LENGTH = 32;

  private RandomText() {}

  public static String of(String alphabet, int length) {
    StringBuilder text = new StringBuilder(length);
    RANDOM.ints(length, 0, alphabet.length()).forEach(at -> text.append(alphabet.charAt(at)));
    return text.toString();
  }

  /** Letters and digits. */
  public static String of(int length) {
    return of(LETTERS_AND_DIGITS, length);
  }

  /** An id or login token as every account has: 32 letters and digits. */
  public static String id() {
    return of(ID_LENGTH);
  }
}
