package dev.agentrelay.benchmarks.driver;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Requests as bytes, ready to be sent again and again. */
public final class HttpRequests {
  private HttpRequests() {}

  /** A request of the driver's user without a body. */
  public static byte[] get(String path) {
    return request("GET", path, Map.of("x-api-key", Driver.API_KEY), new byte[0]);
  }

  /** A request of the driver's user with a JSON body. */
  public static byte[] json(String method, String path, String body) {
    return request(
        method,
        path,
        Map.of("x-api-key", Driver.API_KEY, "Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] request(
      String method, String path, Map<String, String> headers, byte[] body) {
    StringBuilder head =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = new byte[start.length + body.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return whole;
  }
}
