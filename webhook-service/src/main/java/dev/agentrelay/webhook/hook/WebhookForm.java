package dev.agentrelay.webhook.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.webhook.secret.Sealing;
import dev.agentrelay.webhook.signature.SchemeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a webhook to be (W1 and W4 of rest.md 6.1). Members that are absent change
 * nothing.
 */
record WebhookForm(ObjectNode body) {

  /**
   * @throws RelayException with 400 when no webhook can be made of this
   */
  void checkNew() {
    if (text("name") == null) {
      throw invalid("Missing or invalid 'name' field");
    }
    if (text("source") == null) {
      throw invalid("Missing or invalid 'source' field");
    }
    checkOptional("'eventFilter' must be an array of strings");
  }

  /**
   * @throws RelayException with 400 when a member has a wrong form
   */
  void checkChange() {
    checkOptional("'eventFilter' must be an array of strings or null");
  }

  private void checkOptional(String filterText) {
    if (isSet("eventFilter") && eventFilter() == null) {
      throw invalid(filterText);
    }
    if (isSet("whenOffline") && whenOffline() == null) {
      throw invalid("'whenOffline' must be 'reject' or 'queue'");
    }
    if (isSet("signatureScheme") && scheme() == null) {
      throw invalid(
          "'signatureScheme' must be 'standard', 'github', 'gitlab', 'slack', 'stripe' or null");
    }
    if (isSet("senderSecret") && text("senderSecret") == null) {
      throw invalid("'senderSecret' must be text or null");
    }
  }

  /** The runner that is named; the caller must own it. */
  @Nullable RunnerId runnerId() {
    String runner = text("runnerId");
    return runner == null ? null : new RunnerId(runner);
  }

  /** The model that is named, if its form is right. */
  @Nullable Model model() {
    if (!(body.get("model") instanceof ObjectNode model)) {
      return null;
    }
    String provider = strip(JsonBody.text(model, "provider"));
    String id = strip(JsonBody.text(model, "id"));
    return provider == null || id == null ? null : new Model(provider, id);
  }

  void applyTo(Webhook webhook, Sealing sealing) {
    webhook.name = textOr("name", webhook.name);
    webhook.source = textOr("source", webhook.source);
    if (body.has("eventFilter")) {
      webhook.eventFilter = eventFilter();
    }
    if (body.has("runnerId")) {
      webhook.runnerId = text("runnerId");
    }
    if (body.has("cwd")) {
      webhook.cwd = text("cwd");
    }
    if (body.has("prompt")) {
      webhook.prompt = text("prompt");
    }
    Model model = model();
    if (model != null || isNull("model")) {
      webhook.modelProvider = model == null ? null : model.provider();
      webhook.modelId = model == null ? null : model.id();
    }
    WhenOffline offline = whenOffline();
    if (offline != null) {
      webhook.whenOffline = offline;
    }
    if (body.has("signatureScheme")) {
      webhook.signatureScheme = scheme();
    }
    if (body.has("senderSecret")) {
      String secret = text("senderSecret");
      webhook.senderSecret = secret == null ? null : sealing.seal(webhook.id(), secret);
    }
    JsonNode enabled = body.get("enabled");
    if (enabled != null && enabled.isBoolean()) {
      webhook.enabled = enabled.booleanValue();
    }
  }

  private @Nullable List<String> eventFilter() {
    JsonNode filter = body.get("eventFilter");
    if (filter == null || !filter.isArray()) {
      return null;
    }
    List<String> types = new ArrayList<>();
    for (JsonNode type : filter) {
      if (!type.isTextual()) {
        return null;
      }
      types.add(type.textValue());
    }
    return types;
  }

  private @Nullable WhenOffline whenOffline() {
    String name = text("whenOffline");
    return name == null ? null : WhenOffline.of(name).orElse(null);
  }

  private @Nullable SchemeName scheme() {
    String name = text("signatureScheme");
    return name == null ? null : SchemeName.of(name).orElse(null);
  }

  private boolean isSet(String member) {
    return body.has(member) && !isNull(member);
  }

  private boolean isNull(String member) {
    JsonNode value = body.get(member);
    return value != null && value.isNull();
  }

  private String textOr(String member, String otherwise) {
    String text = text(member);
    return text == null ? otherwise : text;
  }

  /** A member's text without blanks around it; {@code null} when nothing is left. */
  private @Nullable String text(String member) {
    return strip(JsonBody.text(body, member));
  }

  /** Postgres stores any text but NUL characters. */
  private static @Nullable String strip(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String stripped = text.replace("\0", "").strip();
    return stripped.isEmpty() ? null : stripped;
  }

  private static RelayException invalid(String text) {
    return new RelayException(ErrorCode.INVALID_REQUEST, text);
  }
}
