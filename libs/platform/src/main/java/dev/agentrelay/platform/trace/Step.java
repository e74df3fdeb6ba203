package dev.agentrelay.platform.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/** One step on a traced way; does nothing where nothing is traced. Thread-safe. */
public final class Step {
  static final Step NONE = new Step(null);

  private final @Nullable Span span;

  Step(@Nullable Span span) {
    this.span = span;
  }

  /**
   * What the next step needs to follow this one, as W3C writes it; null where nothing is traced.
   */
  public @Nullable String header() {
    return span == null ? null : TraceParent.of(span);
  }

  /**
   * Says what the step is about.
   *
   * @param attribute for example {@code relay.session}; never a secret
   */
  public Step about(String attribute, String value) {
    if (span != null) {
      span.setAttribute(attribute, value);
    }
    return this;
  }

  /** Gives it the name that was not known when it began. */
  Step named(String name) {
    if (span != null) {
      span.updateName(name);
    }
    return this;
  }

  /** Ends it; a failure is a failure of the relay, not a refusal. */
  public void end(boolean failed) {
    if (span != null) {
      if (failed) {
        span.setStatus(StatusCode.ERROR);
      }
      span.end();
    }
  }
}
