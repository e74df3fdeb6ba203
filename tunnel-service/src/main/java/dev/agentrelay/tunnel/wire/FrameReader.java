package dev.agentrelay.tunnel.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and checks what runners send (tunnel.md 2.2). Stateless and thread-safe. */
public final class FrameReader {
  /** Longest message that is taken from a runner, as the original does. */
  public static final int MAX_FRAME_BYTES = 100 * 1024 * 1024;

  private static final int MAX_HEADERS = 2_000;
  private static final int MAX_REASON_BYTES = 123;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(MAX_FRAME_BYTES).build())
          .build();

  private FrameReader() {}

  /** The frame of a message; empty when it is none that the contract knows. */
  public static Optional<RunnerFrame> read(Buffer message) {
    RunnerFrame content = ContentFrames.read(message);
    return content == null ? parse(message.getBytes()) : Optional.of(content);
  }

  private static Optional<RunnerFrame> parse(byte[] message) {
    try (JsonParser parser = JSON.createParser(message)) {
      Members members = new Members();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        members.read(parser.currentName(), parser);
      }
      boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
      return whole && !members.wrong ? Optional.ofNullable(members.toFrame()) : Optional.empty();
    } catch (IOException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** The members of one message while it is being read; a member of a wrong kind spoils it. */
  private static final class Members {
    private @Nullable String type;
    private @Nullable String id;
    private @Nullable String runnerId;
    private @Nullable String apiKey;
    private @Nullable String reason;
    private @Nullable String protocol;
    private @Nullable String message;
    private @Nullable String data;
    private @Nullable Integer code;
    private @Nullable Integer status;
    private @Nullable Integer bytes;
    private boolean binary;
    private boolean wrong;
    private @Nullable List<RunnerFrame.Header> headers;
    private List<String> caps = List.of();

    void read(String name, JsonParser parser) throws IOException {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "type" -> type = text(parser, value);
        case "id" -> id = text(parser, value);
        case "runnerId" -> runnerId = text(parser, value);
        case "apiKey" -> apiKey = text(parser, value);
        case "reason" -> reason = text(parser, value);
        case "protocol" -> protocol = text(parser, value);
        case "message" -> message = text(parser, value);
        case "code" -> code = number(parser, value);
        case "statusCode" -> status = number(parser, value);
        case "bytes" -> bytes = number(parser, value);
        case "binary" -> {
          binary = value == JsonToken.VALUE_TRUE;
          wrong |= !value.isBoolean();
        }
        case "data" -> data = text(parser, value);
        case "headers" -> readHeaders(parser, value);
        case "caps" -> caps = texts(parser, value);
        default -> parser.skipChildren();
      }
    }

    private @Nullable String text(JsonParser parser, JsonToken value) throws IOException {
      if (value == JsonToken.VALUE_STRING) {
        return parser.getText();
      }
      wrong = true;
      parser.skipChildren();
      return null;
    }

    private @Nullable Integer number(JsonParser parser, JsonToken value) throws IOException {
      if (value == JsonToken.VALUE_NUMBER_INT) {
        return parser.getIntValue();
      }
      wrong = true;
      parser.skipChildren();
      return null;
    }

    private void readHeaders(JsonParser parser, JsonToken value) throws IOException {
      if (value != JsonToken.START_OBJECT) {
        wrong = true;
        parser.skipChildren();
        return;
      }
      List<RunnerFrame.Header> all = new ArrayList<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken next = parser.nextToken();
        for (String each :
            next == JsonToken.START_ARRAY ? texts(parser, next) : single(text(parser, next))) {
          all.add(new RunnerFrame.Header(name, each));
        }
        wrong |= all.size() > MAX_HEADERS;
      }
      headers = all;
    }

    private static List<String> single(@Nullable String value) {
      return value == null ? List.of() : List.of(value);
    }

    private List<String> texts(JsonParser parser, JsonToken value) throws IOException {
      List<String> all = new ArrayList<>();
      if (value != JsonToken.START_ARRAY) {
        wrong = true;
        parser.skipChildren();
        return all;
      }
      for (JsonToken next = parser.nextToken();
          next != JsonToken.END_ARRAY;
          next = parser.nextToken()) {
        String each = text(parser, next);
        if (each != null && all.size() <= MAX_HEADERS) {
          all.add(each);
        }
      }
      return all;
    }

    private @Nullable RunnerFrame toFrame() {
      if (type == null) {
        return null;
      }
      if (type.equals("pong")) {
        return new RunnerFrame.Pong();
      }
      if (type.equals("register")) {
        return runnerId == null || runnerId.isBlank() || apiKey == null
            ? null
            : new RunnerFrame.Register(runnerId, apiKey, caps);
      }
      return id == null ? null : ofStream(type, id);
    }

    private @Nullable RunnerFrame ofStream(String kind, String stream) {
      return switch (kind) {
        case "response-start" ->
            status == null || headers == null || status < 200 || status > 599
                ? null
                : new RunnerFrame.ResponseStart(stream, status, headers);
        case "response-data" -> responseData(stream);
        case "response-data-end" -> new RunnerFrame.ResponseEnd(stream);
        case "response-data-abort" -> new RunnerFrame.ResponseAbort(stream, reason);
        case "request-end" -> new RunnerFrame.RequestEnd(stream);
        case "ws-opened" -> new RunnerFrame.SocketOpened(stream, protocol);
        case "ws-data" -> socketData(stream);
        case "ws-close" -> isClosing() ? new RunnerFrame.SocketClosed(stream, code, reason) : null;
        case "window" -> bytes == null || bytes <= 0 ? null : new RunnerFrame.Window(stream, bytes);
        case "ws-error" -> message == null ? null : new RunnerFrame.SocketFailed(stream, message);
        default -> null;
      };
    }

    private @Nullable RunnerFrame responseData(String stream) {
      if (data == null) {
        return null;
      }
      byte[] bytes = new byte[data.length()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte) data.charAt(i); // like the runner, of what is no byte the low one is taken
      }
      return new RunnerFrame.ResponseData(stream, Buffer.buffer(bytes));
    }

    private @Nullable RunnerFrame socketData(String stream) {
      if (data == null) {
        return null;
      }
      return binary
          ? new RunnerFrame.SocketBinary(stream, Buffer.buffer(Base64.getDecoder().decode(data)))
          : new RunnerFrame.SocketText(stream, data);
    }

    private boolean isClosing() {
      boolean goodCode =
          code == null || (code >= 1000 && code <= 1015) || (code >= 3000 && code <= 4999);
      return goodCode
          && (reason == null || reason.getBytes(StandardCharsets.UTF_8).length <= MAX_REASON_BYTES);
    }
  }
}
