package dev.agentrelay.local.data;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** Secrets generated once for each data folder and kept there. */
public final class Secrets {
  private static final String FILE = "secrets.properties";
  private static final int BYTES = 32;

  private final Properties kept;

  private Secrets(Properties kept) {
    this.kept = kept;
  }

  /** Reads the kept secrets and generates those that are missing. */
  public static Secrets of(DataFolder folder) {
    Properties kept = folder.read(FILE);
    boolean changed = false;
    SecureRandom random = new SecureRandom();
    for (Name name : Name.values()) {
      if (kept.getProperty(name.key) == null) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        kept.setProperty(name.key, HexFormat.of().formatHex(secret));
        changed = true;
      }
    }
    if (changed) {
      folder.write(FILE, kept);
    }
    return new Secrets(kept);
  }

  public String get(Name name) {
    return kept.getProperty(name.key, "");
  }

  /** What a relay keeps secret. */
  public enum Name {
    /** Signs cookies and tokens. */
    AUTH("auth"),
    /** Shown by services to each other. */
    INTERNAL("internal"),
    POSTGRES("postgres"),
    REDIS("redis");

    private final String key;

    Name(String key) {
      this.key = key;
    }
  }
}
