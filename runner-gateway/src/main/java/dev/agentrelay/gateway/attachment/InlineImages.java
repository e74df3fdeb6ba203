package dev.agentrelay.gateway.attachment;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the images out of an event's messages and leaves addresses behind (sockets.md 4.4.5). */
final class InlineImages {
  static final int MIN_BYTES = 10 * 1024;
  private static final byte[] MARK = "\"image\"".getBytes(StandardCharsets.US_ASCII);
  private static final int ID_BYTES = 12;

  private final UserId owner;
  private final List<InlineImage> found = new ArrayList<>();

  private InlineImages(UserId owner) {
    this.owner = owner;
  }

  /**
   * An event without its images.
   *
   * @param images what was taken out; none when the event is as it came
   */
  record Result(RawJson event, List<InlineImage> images) {}

  /** Whether it is worth looking for images at all. */
  static boolean mayBeIn(RawJson json) {
    return json.length() > MIN_BYTES && JsonValues.contains(json, MARK);
  }

  static Result takenFrom(RawJson json, UserId owner) {
    InlineImages images = new InlineImages(owner);
    RawObject event = RawObject.parse(json);
    if (event == null || event.isTrue("_imagesStripped")) {
      return new Result(json, List.of());
    }
    RawObject state = event.object("state");
    RawObject holder = state == null ? event : state;
    RawJson messages = images.withoutImages(holder.get("messages"), images::message);
    if (messages == null) {
      return new Result(json, List.of());
    }
    holder.put("messages", messages);
    if (state != null) {
      event.put("state", state);
    }
    return new Result(event.put("_imagesStripped", true).toJson(), List.copyOf(images.found));
  }

  /** Takes images out of one element; {@code null} when there are none in it. */
  private interface Step {
    @Nullable RawJson apply(RawJson element);
  }

  private @Nullable RawJson withoutImages(@Nullable RawJson array, Step step) {
    List<RawJson> elements = JsonValues.elements(array);
    boolean changed = false;
    for (int i = 0; elements != null && i < elements.size(); i++) {
      RawJson replaced = mayBeIn(elements.get(i)) ? step.apply(elements.get(i)) : null;
      if (replaced != null) {
        elements.set(i, replaced);
        changed = true;
      }
    }
    return elements != null && changed ? JsonValues.array(elements) : null;
  }

  private @Nullable RawJson message(RawJson json) {
    RawObject message = RawObject.parse(json);
    RawJson content = message == null ? null : withoutImages(message.get("content"), this::block);
    return message == null || content == null ? null : message.put("content", content).toJson();
  }

  private @Nullable RawJson block(RawJson json) {
    RawObject block = RawObject.parse(json);
    if (block == null || !"image".equals(block.text("type"))) {
      return null;
    }
    RawObject source = block.object("source");
    if (source == null) {
      source = RawObject.empty();
    }
    String data = block.text("data") == null ? source.text("data") : block.text("data");
    if (data == null || source.isTrue("extracted")) {
      return null;
    }
    String base64 = withoutPrefix(data);
    int bytes = decodedBytes(base64);
    if (bytes < MIN_BYTES) {
      return null;
    }
    InlineImage image = new InlineImage(id(base64), mediaType(block, source), base64);
    found.add(image);
    source
        .remove("data")
        .put("type", "url")
        .put("url", "/api/attachments/" + image.id())
        .put("extracted", true)
        .put("originalSizeBytes", bytes);
    return block.remove("data").put("source", source).toJson();
  }

  private static String mediaType(RawObject block, RawObject source) {
    for (String type :
        new String[] {
          block.text("mimeType"), source.text("media_type"), source.text("mediaType")
        }) {
      if (type != null) {
        return type;
      }
    }
    return "image/png";
  }

  private static String withoutPrefix(String data) {
    int comma = data.startsWith("data:") ? data.indexOf(',') : -1;
    return comma >= 0 && data.substring(0, comma).contains(";base64")
        ? data.substring(comma + 1)
        : data;
  }

  private static int decodedBytes(String base64) {
    int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
    return (int) (base64.length() * 3L / 4) - padding;
  }

  private String id(String base64) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((owner.value() + ":").getBytes(StandardCharsets.UTF_8));
      byte[] hash = digest.digest(base64.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
