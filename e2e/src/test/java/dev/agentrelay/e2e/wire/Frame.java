package dev.agentrelay.e2e.wire;

import dev.agentrelay.testkit.clients.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO frame as it stood on the wire, read as a Socket.IO packet where it is one.
 *
 * @param head packet type and namespace, for example {@code 42/viewer}; the whole text of a frame
 *     that is no such packet
 * @param id the acknowledgement's number, if the packet has one
 * @param body what follows, mostly JSON
 */
public record Frame(String text, String head, @Nullable String id, String body) {
  private static final Pattern PACKET =
      Pattern.compile("(4\\d)(/[^,]*)?,?(\\d+)?(.*)", Pattern.DOTALL);

  static Frame of(String text) {
    Matcher packet = PACKET.matcher(text);
    if (!packet.matches()) {
      return new Frame(text, text, null, "");
    }
    String namespace = packet.group(2) == null ? "" : packet.group(2);
    return new Frame(text, packet.group(1) + namespace, packet.group(3), packet.group(4));
  }

  /** Whether it is that event of that namespace. */
  public boolean is(String namespace, String event) {
    return head.equals("42" + namespace) && event.equals(event());
  }

  /** The event's name; the packet's head when it is no event. */
  public String event() {
    return head.startsWith("42") ? arguments().optString(0) : head;
  }

  /** The event's payload, or the object of a CONNECT or CONNECT_ERROR; empty when there is none. */
  public JSONObject payload() {
    if (body.startsWith("{")) {
      return Json.parse(body);
    }
    JSONObject payload = arguments().optJSONObject(1);
    return payload == null ? new JSONObject() : payload;
  }

  private JSONArray arguments() {
    return body.startsWith("[") ? Json.parseArray(body) : new JSONArray();
  }

  @Override
  public String toString() {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }
}
