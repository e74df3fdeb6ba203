package dev.agentrelay.local.supervisor;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Lines for the person before the screen. */
public final class Console {
  private final PrintStream out;

  public Console(PrintStream out) {
    this.out = out;
  }

  public void say(String line) {
    out.println(line);
  }

  /** {@code name ........ 1.2 s}. */
  public void took(String what, long startNanos) {
    Duration taken = Duration.ofNanos(System.nanoTime() - startNanos);
    say(String.format(Locale.ROOT, "  %-20s %5.1f s", what, taken.toMillis() / 1000.0));
  }
}
