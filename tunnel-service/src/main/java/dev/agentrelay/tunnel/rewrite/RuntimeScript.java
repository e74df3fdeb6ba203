package dev.agentrelay.tunnel.rewrite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The script that runs before an app's own and points what it asks for at run time at the tunnel
 * (tunnel.md 4.4).
 */
public final class RuntimeScript {
  private static final String SOURCE = load();

  private RuntimeScript() {}

  /** The script for one tunnel, ASCII only. */
  public static String of(TunnelUrls urls) {
    // Paths are percent-encoded: nothing in them ends a string.
    return SOURCE
        .replace("__ROOT__", urls.root())
        .replace("__PORT__", Integer.toString(urls.port()));
  }

  private static String load() {
    try (InputStream in = RuntimeScript.class.getResourceAsStream("runtime.js")) {
      if (in == null) {
        throw new IllegalStateException("runtime.js is missing beside " + RuntimeScript.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
