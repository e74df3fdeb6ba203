package dev.agentrelay.gateway.spawn;

import java.util.regex.Pattern;

/** How skills and agents may be called (rest.md 4.6). */
public final class NameRule {
  private static final int MAX_LENGTH = 64;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

  private NameRule() {}

  /** Whether the name is one, and cannot lead out of its folder. */
  public static boolean admits(String name) {
    return name.length() <= MAX_LENGTH && NAME.matcher(name).matches();
  }
}
