package dev.agentrelay.platform.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes the W3C header {@code traceparent}. */
final class TraceParent {
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private static final TextMapGetter<String> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String header) {
          return List.of(Traces.HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String header, String name) {
          return name.equals(Traces.HEADER) ? header : null;
        }
      };

  private TraceParent() {}

  static String of(Span span) {
    StringBuilder written = new StringBuilder();
    W3C.inject(
        Context.root().with(span),
        written,
        (into, name, value) -> {
          if (into != null && name.equals(Traces.HEADER)) {
            into.append(value);
          }
        });
    return written.toString();
  }

  /** What a header names; the root when there is none, or none that can be read. */
  static Context read(@Nullable String header) {
    return header == null ? Context.root() : W3C.extract(Context.root(), header, GETTER);
  }
}
