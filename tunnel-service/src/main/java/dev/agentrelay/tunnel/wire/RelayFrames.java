package dev.agentrelay.tunnel.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what the relay says to runners. What is absent is left out: {@code null} is refused. */
public final class RelayFrames {
  /** How many bytes of a body go into one frame, so that streams take turns. */
  public static final int MAX_BODY_BYTES = 64 * 1024;

  public static final String PING = "{\"type\":\"ping\"}";

  private static final int MAX_REASON_BYTES = 123;
  private static final byte[] DATA_END = "\"}".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BINARY_END =
      "\",\"binary\":true}".getBytes(StandardCharsets.US_ASCII);
  private static final JsonFactory JSON = new JsonFactory();

  private RelayFrames() {}

  /** What is asked of an app, for a request or a WebSocket. */
  public record Opening(
      int port,
      String url,
      Map<String, String> headers,
      boolean preserveAuth,
      @Nullable String host) {}

  public static String registered(String runnerId, Set<Extension> extensions) {
    return write(
        "registered",
        json -> {
          json.writeStringField("runnerId", runnerId);
          if (!extensions.isEmpty()) {
            writeTexts(json, "caps", Extension.texts(extensions));
          }
        });
  }

  public static String error(String message) {
    return write("error", json -> json.writeStringField("message", message));
  }

  /**
   * @param numbered whether the stream is known by its number as well, which its id is
   */
  public static String requestStart(String id, String method, Opening opening, boolean numbered) {
    return write(
        "request-start",
        json -> {
          json.writeStringField("id", id);
          json.writeNumberField("port", opening.port());
          json.writeStringField("method", method);
          json.writeStringField("url", opening.url());
          writeNumber(json, id, numbered);
          writeRest(json, opening);
        });
  }

  /** Nearly all that goes to runners is this: UTF-8, made straight from the bytes. */
  public static byte[] requestData(String id, Buffer bytes) {
    return BodyText.encode(dataOf("request-data", id), bytes.getBytes(), DATA_END);
  }

  public static String requestDataEnd(String id) {
    return write("request-data-end", json -> json.writeStringField("id", id));
  }

  public static String requestEnd(String id) {
    return write("request-end", json -> json.writeStringField("id", id));
  }

  /**
   * @param numbered whether the stream is known by its number as well, which its id is
   */
  public static String socketOpen(
      String id, List<String> protocols, Opening opening, boolean numbered) {
    return write(
        "ws-open",
        json -> {
          json.writeStringField("id", id);
          json.writeNumberField("port", opening.port());
          json.writeStringField("path", opening.url());
          if (!protocols.isEmpty()) {
            writeTexts(json, "protocols", protocols);
          }
          writeNumber(json, id, numbered);
          writeRest(json, opening);
        });
  }

  /** So many bytes of a stream were handed on; only with {@link Extension#CREDIT1}. */
  public static String window(String id, long bytes) {
    return write(
        "window",
        json -> {
          json.writeStringField("id", id);
          json.writeNumberField("bytes", bytes);
        });
  }

  public static String socketText(String id, String text) {
    return write(
        "ws-data",
        json -> {
          json.writeStringField("id", id);
          json.writeStringField("data", text);
        });
  }

  /** In UTF-8, like {@link #requestData}. */
  public static byte[] socketBinary(String id, Buffer bytes) {
    byte[] data = Base64.getEncoder().encode(bytes.getBytes());
    byte[] before = dataOf("ws-data", id);
    byte[] json = Arrays.copyOf(before, before.length + data.length + BINARY_END.length);
    System.arraycopy(data, 0, json, before.length, data.length);
    System.arraycopy(BINARY_END, 0, json, before.length + data.length, BINARY_END.length);
    return json;
  }

  /** A frame up to its data; the relay's ids are digits. */
  private static byte[] dataOf(String type, String id) {
    return ("{\"type\":\"" + type + "\",\"id\":\"" + id + "\",\"data\":\"")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @param code the viewer's; one that no peer may send is left out
   */
  public static String socketClose(String id, @Nullable Short code, @Nullable String reason) {
    return write(
        "ws-close",
        json -> {
          json.writeStringField("id", id);
          if (code != null && isSendable(code)) {
            json.writeNumberField("code", code.intValue());
          }
          if (reason != null && !reason.isEmpty()) {
            json.writeStringField("reason", cut(reason));
          }
        });
  }

  /** Whether a close code may stand in a close frame. */
  public static boolean isSendable(int code) {
    boolean reserved = code == 1004 || code == 1005 || code == 1006;
    return (code >= 1000 && code <= 1014 && !reserved) || (code >= 3000 && code <= 4999);
  }

  /** The beginning of a close reason that fits into a close frame. */
  public static String cut(String reason) {
    String fitting = reason;
    while (fitting.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
      fitting = fitting.substring(0, fitting.offsetByCodePoints(fitting.length(), -1));
    }
    return fitting;
  }

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static String write(String type, Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("type", type);
      body.write(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void writeNumber(JsonGenerator json, String id, boolean numbered)
      throws IOException {
    if (numbered) {
      json.writeNumberField("n", Long.parseLong(id));
    }
  }

  private static void writeRest(JsonGenerator json, Opening opening) throws IOException {
    json.writeObjectFieldStart("headers");
    for (Map.Entry<String, String> header : opening.headers().entrySet()) {
      json.writeStringField(header.getKey(), header.getValue());
    }
    json.writeEndObject();
    if (opening.preserveAuth()) {
      json.writeBooleanField("preserveAuth", true);
    }
    if (opening.host() != null) {
      json.writeStringField("host", opening.host());
    }
  }

  private static void writeTexts(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
