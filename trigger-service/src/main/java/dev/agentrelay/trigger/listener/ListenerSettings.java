package dev.agentrelay.trigger.listener;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.platform.http.JsonBody;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of a listener; parts of another form than theirs count as absent.
 *
 * @param prompt put before the prompt of each payload
 * @param params filters that must all hold (rest.md 5.6)
 */
public record ListenerSettings(
    @Nullable String prompt,
    @Nullable String cwd,
    @Nullable Model model,
    @Nullable ObjectNode params,
    @Nullable Boolean autoClose) {

  /** Reads the parts of a body. */
  public static ListenerSettings of(ObjectNode body) {
    return new ListenerSettings(
        storable(JsonBody.text(body, "prompt")),
        storable(JsonBody.text(body, "cwd")),
        model(body),
        body.get("params") instanceof ObjectNode params ? params : null,
        body.path("autoClose").isBoolean() ? body.path("autoClose").booleanValue() : null);
  }

  /** A listener that is made closes its sessions or says nothing of it. */
  ListenerSettings forCreation() {
    Boolean closing = Boolean.TRUE.equals(autoClose) ? Boolean.TRUE : null;
    return new ListenerSettings(prompt, cwd, model, params, closing);
  }

  private static @Nullable Model model(ObjectNode body) {
    String provider = body.path("model").path("provider").textValue();
    String id = body.path("model").path("id").textValue();
    return provider == null || id == null ? null : new Model(provider, id);
  }

  /** Postgres stores any text but NUL characters. */
  private static @Nullable String storable(@Nullable String text) {
    return text == null ? null : text.replace("\0", "");
  }
}
