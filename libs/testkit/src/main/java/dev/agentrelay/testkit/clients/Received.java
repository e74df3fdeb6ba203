package dev.agentrelay.testkit.clients;

import io.socket.client.Ack;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * One event as it came. A socket's own {@code connect}, {@code disconnect} and {@code
 * connect_error} stand among them, the latter two with a {@code message}.
 *
 * @param payload the first argument; an empty object when there is none
 * @param ack present when the server asked for an acknowledgement
 */
public record Received(String event, JSONObject payload, @Nullable Ack ack) {
  public boolean is(String name) {
    return event.equals(name);
  }

  /** The payload's member as text; {@code null} when it is absent or JSON null. */
  public @Nullable String text(String member) {
    return Json.text(payload, member);
  }

  /** Gives the acknowledgement, if one was asked for. */
  public void acknowledge(Object answer) {
    if (ack != null) {
      ack.call(answer);
    }
  }

  @Override
  public String toString() {
    String text = payload.toString();
    return event + " " + (text.length() > 300 ? text.substring(0, 300) + "…" : text);
  }
}
