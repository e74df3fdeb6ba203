package dev.agentrelay.platform.trace;

import dev.agentrelay.platform.config.RelayConfig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Follows requests through the services and sends what it saw to a collector. Without one it makes
 * nothing at all; events of workers are never traced. What waits for the collector is bounded, and
 * left out when there is too much of it. Thread-safe; no call blocks.
 */
@Singleton
public class Traces {
  /** The header, in HTTP and in Kafka, and the name under which log lines have it. */
  public static final String HEADER = "traceparent";

  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final @Nullable SdkTracerProvider provider;
  private final @Nullable Tracer tracer;

  @Inject
  Traces(
      RelayConfig config, @ConfigProperty(name = "quarkus.application.name") String serviceName) {
    this(
        config
            .traces()
            .endpoint()
            .map(collector -> exporting(collector, config, serviceName))
            .orElse(null));
  }

  Traces(@Nullable SdkTracerProvider provider) {
    this.provider = provider;
    this.tracer = provider == null ? null : provider.get("dev.agentrelay");
  }

  private static SdkTracerProvider exporting(URI collector, RelayConfig config, String service) {
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(collector.toString()).build();
    return SdkTracerProvider.builder()
        .setResource(
            Resource.create(
                Attributes.of(
                    AttributeKey.stringKey("service.name"),
                    service,
                    AttributeKey.stringKey("service.instance.id"),
                    config.replica().id())))
        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.traces().share())))
        .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
        .build();
  }

  /**
   * Begins a step, and a trace with it when there is none yet.
   *
   * @param name one of few: no ids
   * @param parent the {@link Step#header} of the step before
   */
  public Step begin(SpanKind kind, String name, @Nullable String parent) {
    return tracer == null
        ? Step.NONE
        : new Step(
            tracer
                .spanBuilder(name)
                .setSpanKind(kind)
                .setParent(TraceParent.read(parent))
                .startSpan());
  }

  /** Begins a step of a trace that there is; without a parent there is none. */
  public Step follow(SpanKind kind, String name, @Nullable String parent) {
    return parent == null ? Step.NONE : begin(kind, name, parent);
  }

  /** The header of the step in which the request of this thread or Vert.x context is. */
  public static @Nullable String current() {
    return MDC.get(HEADER) instanceof String header ? header : null;
  }

  @PreDestroy
  void close() {
    if (provider != null) {
      provider.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
