package dev.agentrelay.e2e.tunnel;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A web app on a developer's loopback, with what such apps do. Thread-safe. */
final class LocalApp {
  static final int FILE_BYTES = 12 * 1024 * 1024;

  private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final byte[] file = new byte[FILE_BYTES];
  private final Buffer sound = Sound.minutes(2);
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private final AtomicInteger earlyAnswers = new AtomicInteger();
  private final HttpServer server;

  LocalApp(Vertx vertx) {
    new Random(11).nextBytes(file);
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxWebSocketFrameSize(MAX_MESSAGE_BYTES)
                    .setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES))
            .webSocketHandler(
                socket -> {
                  socket.textMessageHandler(socket::writeTextMessage);
                  socket.binaryMessageHandler(socket::writeBinaryMessage);
                })
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  int port() {
    return server.actualPort();
  }

  byte[] file() {
    return file.clone();
  }

  /** The {@code Range} headers that came, in order. */
  List<String> ranges() {
    return ranges;
  }

  /** How many uploads were answered before they had come. */
  int earlyAnswers() {
    return earlyAnswers.get();
  }

  private void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    switch (request.path()) {
      case "/" -> send(response, "text/html; charset=utf-8", Pages.DOCUMENT);
      case "/_next/static/app.css" -> send(response, "text/css", Pages.STYLE);
      case "/_next/static/app.js" -> send(response, "text/javascript", Pages.SCRIPT);
      case "/_next/static/worker.js" -> send(response, "text/javascript", Pages.WORKER);
      case "/_next/static/chunk.js" -> send(response, "text/javascript", Pages.CHUNK);
      case "/_next/static/dot.svg" -> send(response, "image/svg+xml", Pages.IMAGE);
      case "/api/hello" -> send(response, "application/json", "{\"hello\":\"from the app\"}");
      case "/upload" -> hash(request);
      case "/early" -> {
        response.setStatusCode(413).end("too much");
        earlyAnswers.incrementAndGet();
      }
      case "/events" -> events(response);
      case "/file" -> part(request, "application/octet-stream", Buffer.buffer(file));
      case "/sound.wav" -> part(request, "audio/wav", sound);
      default -> response.setStatusCode(404).end("nothing here");
    }
  }

  private static void send(HttpServerResponse response, String type, String text) {
    response.putHeader("Content-Type", type).end(text);
  }

  private static void hash(HttpServerRequest request) {
    MessageDigest digest = sha256();
    request.handler(bytes -> digest.update(bytes.getBytes()));
    request.endHandler(end -> request.response().end(HexFormat.of().formatHex(digest.digest())));
  }

  /** Three events of a stream that stays open. */
  private static void events(HttpServerResponse response) {
    response.putHeader("Content-Type", "text/event-stream").setChunked(true);
    response.write("data: one\n\n");
    response.write("data: two\n\n");
    response.write("data: three\n\n");
  }

  private void part(HttpServerRequest request, String type, Buffer whole) {
    HttpServerResponse response =
        request.response().putHeader("Content-Type", type).putHeader("Accept-Ranges", "bytes");
    String asked = request.getHeader("Range");
    Matcher range = RANGE.matcher(asked == null ? "" : asked);
    if (!range.matches()) {
      response.end(whole);
      return;
    }
    ranges.add(range.group());
    int from = Integer.parseInt(range.group(1));
    int last = range.group(2).isEmpty() ? whole.length() - 1 : Integer.parseInt(range.group(2));
    response
        .setStatusCode(206)
        .putHeader("Content-Range", "bytes " + from + "-" + last + "/" + whole.length())
        .end(whole.slice(from, last + 1));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
