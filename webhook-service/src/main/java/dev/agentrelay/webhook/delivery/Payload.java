package dev.agentrelay.webhook.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;

/** Reads what senders send. */
@ApplicationScoped
public class Payload {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final JsonBody json;

  Payload(JsonBody json) {
    this.json = json;
  }

  /**
   * The body's object. Bytes that are no UTF-8 become replacement characters and a byte order mark
   * is left out, as in the reference.
   *
   * @throws RelayException with 400 {@code Invalid JSON body} when it is anything else
   */
  public ObjectNode parse(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return json.require(
        text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text);
  }
}
