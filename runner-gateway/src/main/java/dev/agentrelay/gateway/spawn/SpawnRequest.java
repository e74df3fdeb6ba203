package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.socketio.RawJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/runners/spawn}, checked and in the form the runner expects (rest.md
 * 4.2).
 */
record SpawnRequest(
    RunnerId runner,
    @Nullable String prompt,
    @Nullable String cwd,
    @Nullable RawJson model,
    @Nullable RawJson imageUrls,
    @Nullable RawJson agent,
    @Nullable SessionId parent,
    @Nullable String resumePath,
    @Nullable String resumeId) {
  private static final int MAX_IMAGES = 8;

  /**
   * @throws RelayException 400 for an agent name that is none, or no runner id, in this order
   */
  static SpawnRequest of(RawObject body) {
    RawJson agent = agent(body.object("agent"));
    String runner = body.text("runnerId");
    if (runner == null || runner.isEmpty()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing runnerId");
    }
    String parent = body.trimmedText("parentSessionId");
    String resumePath = nonEmpty(body.text("resumePath"));
    return new SpawnRequest(
        runnerId(runner),
        nonEmpty(body.text("prompt")),
        nonEmpty(body.text("cwd")),
        model(body.get("model")),
        images(body.get("imageUrls")),
        agent,
        parent == null ? null : new SessionId(parent),
        resumePath,
        resumePath == null ? nonEmpty(body.text("resumeId")) : null);
  }

  /** Blank text is not a missing id but an unknown runner. */
  private static RunnerId runnerId(String text) {
    if (text.isBlank()) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Runner not found");
    }
    return new RunnerId(text);
  }

  /** What the runner is sent; members without a value are left out. */
  RawObject toNewSession(SessionId session, @Nullable SessionId acceptedParent) {
    RawObject message = RawObject.empty().put("sessionId", session.value());
    putText(message, "cwd", cwd);
    putText(message, "prompt", prompt);
    message.putIfPresent("imageUrls", imageUrls);
    message.putIfPresent("model", model);
    message.putIfPresent("agent", agent);
    putText(message, "parentSessionId", acceptedParent == null ? null : acceptedParent.value());
    putText(message, "resumePath", resumePath);
    putText(message, "resumeId", resumeId);
    return message;
  }

  private static void putText(RawObject message, String member, @Nullable String text) {
    if (text != null) {
      message.put(member, text);
    }
  }

  private static @Nullable RawJson agent(@Nullable RawObject agent) {
    String name = agent == null ? null : agent.trimmedText("name");
    if (agent == null || name == null) {
      return null;
    }
    if (!NameRule.admits(name)) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid agent name");
    }
    RawObject accepted = RawObject.empty().put("name", name);
    for (String member : List.of("systemPrompt", "tools", "disallowedTools")) {
      putText(accepted, member, agent.text(member));
    }
    return accepted.toJson();
  }

  /** An object with provider and id, or the text {@code provider/id}; anything else is ignored. */
  private static @Nullable RawJson model(@Nullable RawJson json) {
    RawObject object = RawObject.parse(json);
    String provider = object == null ? null : object.trimmedText("provider");
    String id = object == null ? null : object.trimmedText("id");
    String text = JsonValues.text(json);
    if (text != null) {
      int slash = text.indexOf('/');
      provider = slash < 0 ? null : nonEmpty(text.substring(0, slash).strip());
      id = slash < 0 ? null : nonEmpty(text.substring(slash + 1).strip());
    }
    return provider == null || id == null
        ? null
        : RawObject.empty().put("provider", provider).put("id", id).toJson();
  }

  private static @Nullable RawJson images(@Nullable RawJson json) {
    List<RawJson> elements = JsonValues.elements(json);
    if (elements == null) {
      return null;
    }
    List<RawJson> urls = new ArrayList<>();
    for (RawJson element : elements) {
      if (JsonValues.text(element) != null && urls.size() < MAX_IMAGES) {
        urls.add(element);
      }
    }
    return urls.isEmpty() ? null : JsonValues.array(urls);
  }

  private static @Nullable String nonEmpty(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
