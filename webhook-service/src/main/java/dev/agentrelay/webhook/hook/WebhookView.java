package dev.agentrelay.webhook.hook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.platform.json.Timestamps;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as its owner sees it, secret included, every member present (rest.md 6.1). A secret
 * that nobody can read any longer is null, so that its owner sees which webhook to rotate.
 */
@ApplicationScoped
class WebhookView {
  private final Webhooks webhooks;
  private final ObjectMapper json;

  WebhookView(Webhooks webhooks, ObjectMapper json) {
    this.webhooks = webhooks;
    this.json = json;
  }

  /** The answer of every call about one webhook. */
  ObjectNode answer(Webhook webhook) {
    ObjectNode answer = json.createObjectNode();
    answer.set("webhook", of(webhook));
    return answer;
  }

  ObjectNode of(Webhook webhook) {
    ObjectNode view = json.createObjectNode();
    view.put("id", webhook.id);
    view.put("userId", webhook.userId);
    view.put("name", webhook.name);
    view.put("secret", webhooks.readableSecret(webhook).orElse(null));
    view.set("eventFilter", json.valueToTree(webhook.eventFilter));
    view.put("source", webhook.source);
    view.put("runnerId", webhook.runnerId);
    view.put("cwd", webhook.cwd);
    view.put("prompt", webhook.prompt);
    Model model = webhook.model();
    view.set("model", json.valueToTree(model));
    view.put("enabled", webhook.enabled);
    view.put("createdAt", Timestamps.text(webhook.createdAt));
    view.put("updatedAt", Timestamps.text(webhook.updatedAt));
    view.put("signatureScheme", webhook.signatureScheme == null ? null : webhook.scheme().text());
    view.put("whenOffline", webhook.whenOffline.text());
    view.put("hasSenderSecret", webhook.senderSecret != null);
    view.put("previousSecretExpiresAt", text(stillCounting(webhook)));
    return view;
  }

  private static @Nullable Instant stillCounting(Webhook webhook) {
    Instant until = webhook.previousSecretUntil;
    return until != null && Instant.now().isBefore(until) ? until : null;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : Timestamps.text(time);
  }
}
