package dev.agentrelay.platform.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.platform.config.TestingConfig;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String SAMPLED = "00-" + TRACE + "-" + CALLER + "-01";
  private static final String LEFT_OUT = "00-" + TRACE + "-" + CALLER + "-00";

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final Traces traces =
      new Traces(
          SdkTracerProvider.builder()
              .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
              .addSpanProcessor(SimpleSpanProcessor.create(exported))
              .build());

  @AfterEach
  void close() {
    traces.close();
  }

  @Test
  void stepsFollowEachOtherByTheirHeaders() {
    Step first = traces.begin(SpanKind.SERVER, "first", SAMPLED);
    traces.follow(SpanKind.CONSUMER, "second", first.header()).end(true);
    first.end(false);

    List<SpanData> spans = exported.getFinishedSpanItems();
    assertThat(spans).extracting(SpanData::getName).containsExactly("second", "first");
    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(TRACE);
    assertThat(spans.get(1).getParentSpanId()).isEqualTo(CALLER);
    assertThat(spans.get(0).getParentSpanId()).isEqualTo(spans.get(1).getSpanId());
  }

  @Test
  void whoDecidedAgainstATraceIsHeardAllTheWay() {
    Step first = traces.begin(SpanKind.SERVER, "first", LEFT_OUT);
    traces.follow(SpanKind.CONSUMER, "second", first.header()).end(false);
    first.end(false);
    assertThat(first.header()).startsWith("00-" + TRACE).endsWith("-00");
    assertThat(exported.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void aHeaderThatCannotBeReadBeginsATraceOfItsOwn() {
    traces.begin(SpanKind.SERVER, "first", "00-what-ever-01").end(false);
    assertThat(exported.getFinishedSpanItems())
        .singleElement()
        .satisfies(span -> assertThat(span.getParentSpanContext().isValid()).isFalse());
  }

  @Test
  void nothingIsFollowedWithoutAParent() {
    Step none = traces.follow(SpanKind.CONSUMER, "second", null);
    assertThat(none.header()).isNull();
    none.about("relay.outcome", "delivered").end(false);
    assertThat(exported.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void withoutACollectorNothingIsTraced() {
    Traces off = new Traces(TestingConfig.with(Map.of()), "a-service");
    assertThat(off.begin(SpanKind.SERVER, "first", SAMPLED)).isSameAs(Step.NONE);
    off.close();
  }
}
