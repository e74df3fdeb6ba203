package dev.agentrelay.webhook.hook;

import dev.agentrelay.contracts.Model;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.webhook.WebhookId;
import dev.agentrelay.webhook.signature.SchemeName;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A webhook as it is kept (rest.md 6.1). Changed by {@link Webhooks} alone. */
@Entity
@Table(name = "webhooks", schema = "webhook")
public class Webhook {
  @Id
  @Column(name = "id")
  String id;

  @Column(name = "user_id")
  String userId;

  @Column(name = "name")
  String name;

  @Column(name = "source")
  String source;

  @Column(name = "secret")
  byte[] secret;

  @Column(name = "previous_secret")
  byte @Nullable [] previousSecret;

  @Column(name = "previous_secret_until")
  @Nullable Instant previousSecretUntil;

  @Column(name = "sender_secret")
  byte @Nullable [] senderSecret;

  @Column(name = "signature_scheme")
  @Enumerated(EnumType.STRING)
  @Nullable SchemeName signatureScheme;

  @Column(name = "event_filter")
  @Convert(converter = TextList.class)
  @Nullable List<String> eventFilter;

  @Column(name = "runner_id")
  @Nullable String runnerId;

  @Column(name = "cwd")
  @Nullable String cwd;

  @Column(name = "prompt")
  @Nullable String prompt;

  @Column(name = "model_provider")
  @Nullable String modelProvider;

  @Column(name = "model_id")
  @Nullable String modelId;

  @Column(name = "when_offline")
  @Enumerated(EnumType.STRING)
  WhenOffline whenOffline;

  @Column(name = "enabled")
  boolean enabled;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "updated_at")
  Instant updatedAt;

  protected Webhook() {}

  public WebhookId id() {
    return new WebhookId(id);
  }

  public UserId userId() {
    return new UserId(userId);
  }

  public String name() {
    return name;
  }

  public String source() {
    return source;
  }

  public boolean enabled() {
    return enabled;
  }

  public @Nullable RunnerId runnerId() {
    return runnerId == null ? null : new RunnerId(runnerId);
  }

  public @Nullable String cwd() {
    return cwd;
  }

  public @Nullable String prompt() {
    return prompt;
  }

  public @Nullable Model model() {
    return modelProvider == null || modelId == null ? null : new Model(modelProvider, modelId);
  }

  public WhenOffline whenOffline() {
    return whenOffline;
  }

  /** The scheme beside the relay's own that requests may be signed by. */
  public SchemeName scheme() {
    return signatureScheme == null ? SchemeName.ofSource(source) : signatureScheme;
  }

  /** Whether an event of that type is to start an agent; an empty filter lets everything pass. */
  public boolean wants(String eventType) {
    return eventFilter == null || eventFilter.isEmpty() || eventFilter.contains(eventType);
  }

  /** A type of event that passes the filter. */
  public String sampleType() {
    return eventFilter == null || eventFilter.isEmpty() ? "webhook" : eventFilter.getFirst();
  }
}
