package dev.agentrelay.tunnel.wire;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a runner and the relay may agree upon beyond the protocol (docs/tunnel-extensions.md). */
public enum Extension {
  /** Bodies and messages of WebSockets travel as bytes. */
  BIN1,
  /** Each stream has a window. */
  CREDIT1;

  /** Those that the relay speaks among what a runner says that it speaks. */
  public static Set<Extension> among(Collection<String> caps) {
    Set<Extension> known = EnumSet.noneOf(Extension.class);
    for (Extension each : values()) {
      if (caps.contains(each.text())) {
        known.add(each);
      }
    }
    return known;
  }

  /** How they are said on the wire. */
  static List<String> texts(Set<Extension> extensions) {
    return extensions.stream().map(Extension::text).toList();
  }

  private String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
