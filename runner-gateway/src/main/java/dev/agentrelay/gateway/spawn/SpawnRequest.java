package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.socketio.RawJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /api/runners/spawn} (rest.md 4.2). */
final class SpawnRequest {
  private static final int MAX_IMAGES = 8;
  private static final int LONGEST_KEY = 1_024;

  private SpawnRequest() {}

  /**
   * What the body asks for.
   *
   * @throws RelayException 400 for an agent name that is none, or no runner id, in this order
   */
  static Spawn.Builder read(RawObject body) {
    JsonText agent = agent(body.object("agent"));
    String runner = body.text("runnerId");
    if (runner == null || runner.isEmpty()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing runnerId");
    }
    String parent = body.trimmedText("parentSessionId");
    return Spawn.on(runnerId(runner))
        .withPrompt(nonEmpty(body.text("prompt")))
        .withCwd(nonEmpty(body.text("cwd")))
        .withModel(model(body.get("model")))
        .withImageUrls(images(body.get("imageUrls")))
        .withAgent(agent)
        .withParent(parent == null ? null : new SessionId(parent))
        .withResumePath(nonEmpty(body.text("resumePath")))
        .withResumeId(nonEmpty(body.text("resumeId")));
  }

  /**
   * The caller's own key of the spawn; {@code null} when it has none.
   *
   * @throws RelayException 400 when it is too long to be kept
   */
  static @Nullable String key(RawObject body) {
    String key = nonEmpty(body.text("idempotencyKey"));
    if (key != null && key.length() > LONGEST_KEY) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid 'idempotencyKey'");
    }
    return key;
  }

  /** Blank text is not a missing id but an unknown runner. */
  private static RunnerId runnerId(String text) {
    if (text.isBlank()) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Runner not found");
    }
    return new RunnerId(text);
  }

  private static @Nullable JsonText agent(@Nullable RawObject agent) {
    String name = agent == null ? null : agent.trimmedText("name");
    if (agent == null || name == null) {
      return null;
    }
    if (!NameRule.admits(name)) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid agent name");
    }
    RawObject accepted = RawObject.empty().put("name", name);
    for (String member : List.of("systemPrompt", "tools", "disallowedTools")) {
      String text = agent.text(member);
      if (text != null) {
        accepted.put(member, text);
      }
    }
    return new JsonText(accepted.toString());
  }

  /** An object with provider and id, or the text {@code provider/id}; anything else is ignored. */
  private static @Nullable Model model(@Nullable RawJson json) {
    RawObject object = RawObject.parse(json);
    String provider = object == null ? null : object.trimmedText("provider");
    String id = object == null ? null : object.trimmedText("id");
    String text = JsonValues.text(json);
    if (text != null) {
      int slash = text.indexOf('/');
      provider = slash < 0 ? null : nonEmpty(text.substring(0, slash).strip());
      id = slash < 0 ? null : nonEmpty(text.substring(slash + 1).strip());
    }
    return provider == null || id == null ? null : new Model(provider, id);
  }

  private static List<String> images(@Nullable RawJson json) {
    List<RawJson> elements = JsonValues.elements(json);
    List<String> urls = new ArrayList<>();
    for (RawJson element : elements == null ? List.<RawJson>of() : elements) {
      String url = JsonValues.text(element);
      if (url != null && urls.size() < MAX_IMAGES) {
        urls.add(url);
      }
    }
    return urls;
  }

  private static @Nullable String nonEmpty(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
