package dev.agentrelay.trigger.listener;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.trigger.filter.Filters;
import dev.agentrelay.trigger.json.StoredJson;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A listener as it is stored. Rows are written by {@link Listeners} alone. */
@Entity
@Table(name = "listeners")
public class ListenerRow {
  @Id
  @Column(name = "listener_id")
  String listenerId;

  @Column(name = "user_id")
  String userId;

  @Column(name = "runner_id")
  String runnerId;

  @Column(name = "trigger_type")
  String triggerType;

  @Column(name = "prompt")
  @Nullable String prompt;

  @Column(name = "cwd")
  @Nullable String cwd;

  /** {@code {provider, id}} as JSON. */
  @Column(name = "model")
  @Nullable String model;

  @Column(name = "params")
  @Nullable String params;

  @Column(name = "auto_close")
  @Nullable Boolean autoClose;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "updated_at")
  Instant updatedAt;

  protected ListenerRow() {}

  public ListenerId id() {
    return new ListenerId(listenerId);
  }

  public UserId userId() {
    return new UserId(userId);
  }

  public RunnerId runnerId() {
    return new RunnerId(runnerId);
  }

  public String triggerType() {
    return triggerType;
  }

  public @Nullable String prompt() {
    return prompt;
  }

  public @Nullable String cwd() {
    return cwd;
  }

  /** The model its sessions use; absent for the runner's default. */
  public @Nullable Model model() {
    if (model == null) {
      return null;
    }
    ObjectNode stored = StoredJson.readObject(model);
    return new Model(stored.path("provider").asText(), stored.path("id").asText());
  }

  public @Nullable Boolean autoClose() {
    return autoClose;
  }

  /** Whether the payload is wanted. */
  public boolean wants(ObjectNode payload) {
    return Filters.ofParams(StoredJson.read(params)).match(payload);
  }

  /** Takes over the parts that are there. */
  void take(ListenerSettings settings) {
    if (settings.prompt() != null) {
      prompt = settings.prompt();
    }
    if (settings.cwd() != null) {
      cwd = settings.cwd();
    }
    Model wanted = settings.model();
    if (wanted != null) {
      model =
          StoredJson.text(
              StoredJson.object().put("provider", wanted.provider()).put("id", wanted.id()));
    }
    if (settings.params() != null) {
      params = StoredJson.write(settings.params());
    }
    if (settings.autoClose() != null) {
      autoClose = settings.autoClose();
    }
  }

  /** The listener as clients see it (rest.md 4.9); absent parts are left out. */
  public ObjectNode toInfo() {
    ObjectNode info = StoredJson.object();
    info.put("listenerId", listenerId);
    info.put("triggerType", triggerType);
    if (prompt != null) {
      info.put("prompt", prompt);
    }
    if (cwd != null) {
      info.put("cwd", cwd);
    }
    if (model != null) {
      info.set("model", StoredJson.read(model));
    }
    if (params != null) {
      info.set("params", StoredJson.read(params));
    }
    if (autoClose != null) {
      info.put("autoClose", autoClose);
    }
    return info.put("createdAt", Timestamps.text(createdAt));
  }

  /** The listener as daemons get it, in the form of a subscription (sockets.md 4.17). */
  public ObjectNode toSubscription() {
    ObjectNode subscription = StoredJson.object();
    subscription.put("subscriptionId", listenerId);
    subscription.put("sessionId", id().asSession().value());
    subscription.put("triggerType", triggerType);
    subscription.put("runnerId", runnerId);
    if (params != null) {
      subscription.set("params", StoredJson.read(params));
    }
    return subscription;
  }
}
