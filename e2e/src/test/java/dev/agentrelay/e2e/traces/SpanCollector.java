package dev.agentrelay.e2e.traces;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrelay.testkit.clients.Inbox;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** Takes what services export to where the e2e tests have told all of them to. */
final class SpanCollector implements AutoCloseable {
  /** Stands in the pom as {@code RELAY_TRACES_ENDPOINT}. */
  private static final int PORT = 18317;

  private final HttpServer server;
  private final Inbox<Exported> spans = new Inbox<>();

  /** One span, and the service that made it; ids in hexadecimal digits. */
  record Exported(String service, String name, String trace, String id, String parent) {}

  private SpanCollector(HttpServer server) {
    this.server = server;
  }

  static SpanCollector start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 0);
    SpanCollector collector = new SpanCollector(server);
    server.createContext("/v1/traces", collector::take);
    server.start();
    return collector;
  }

  Inbox<Exported> spans() {
    return spans;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream body = body(exchange)) {
      ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(this::take);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    InputStream body = exchange.getRequestBody();
    return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
        ? new GZIPInputStream(body)
        : body;
  }

  private void take(ResourceSpans exported) {
    String service =
        exported.getResource().getAttributesList().stream()
            .filter(attribute -> attribute.getKey().equals("service.name"))
            .map(attribute -> attribute.getValue().getStringValue())
            .findFirst()
            .orElse("");
    exported.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .forEach(span -> spans.add(read(service, span)));
  }

  private static Exported read(String service, Span span) {
    return new Exported(
        service,
        span.getName(),
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()));
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
