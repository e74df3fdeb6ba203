package dev.agentrelay.session.blob;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** So much of S3's protocol as the store needs: objects by path, single ranges, no signatures. */
public final class TestingS3 implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final HttpServer server;
  private volatile int failure;
  private volatile String failing = "";
  private volatile Runnable afterPut = () -> {};

  public TestingS3() throws IOException {
    this(0);
  }

  public TestingS3(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Answers everything with that status from now on; 0 to work again. */
  public void failWith(int status) {
    failWith(status, "");
  }

  /** The same for objects whose name ends so. */
  public void failWith(int status, String ending) {
    failure = status;
    failing = ending;
  }

  /** Does that after an object was stored, before whoever stored it is told so. */
  public void afterPut(Runnable action) {
    afterPut = action;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Objects by {@code /bucket/key}. */
  public Map<String, byte[]> objects() {
    return objects;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (failure != 0 && path.endsWith(failing)) {
      exchange.getRequestBody().readAllBytes();
      send(exchange, failure, new byte[0]);
      return;
    }
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        objects.put(path, exchange.getRequestBody().readAllBytes());
        afterPut.run();
        send(exchange, 200, new byte[0]);
      }
      case "DELETE" -> {
        objects.remove(path);
        send(exchange, 204, new byte[0]);
      }
      default -> get(exchange, objects.get(path));
    }
  }

  private static void get(HttpExchange exchange, byte @Nullable [] object) throws IOException {
    Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Range"));
    if (object == null || !range.matches()) {
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
      send(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8));
      return;
    }
    int first = Integer.parseInt(range.group(1));
    int last = Integer.parseInt(range.group(2));
    send(exchange, 206, Arrays.copyOfRange(object, first, last + 1));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
