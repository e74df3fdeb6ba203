package dev.agentrelay.gateway.notice;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.About;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.socketio.RawJson;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a worker's events what its owner may want to hear of while nobody looks, and says it on
 * Kafka (sockets.md 4.4.7). Never waits.
 */
@Singleton
public class AgentNotices {
  private static final String ASK = "AskUserQuestion";
  private static final String PLAN = "plan_mode";
  private static final int MOST_TEXT = 301;
  private static final int MOST_OPTIONS = 50;
  private static final Set<String> TYPES = Set.of("agent_end", "cli_error");
  private static final Set<String> TYPES_BY_TOOL =
      Set.of("tool_execution_start", "tool_execution_end");

  private final LifecycleEvents lifecycle;

  /** A question as agents put it, in the newer form or the older. */
  private record Question(int count, @Nullable String text, List<String> options) {
    static final Question NONE = new Question(0, null, List.of());
  }

  AgentNotices(LifecycleEvents lifecycle) {
    this.lifecycle = lifecycle;
  }

  /** Whether an event may hold something; looks no further into it than that takes. */
  public static boolean mayTell(String type, RawJson json) {
    if (TYPES_BY_TOOL.contains(type)) {
      String tool = RawObject.peekText(json, "toolName");
      return ASK.equals(tool) || PLAN.equals(tool);
    }
    return TYPES.contains(type);
  }

  /**
   * Looks at one event.
   *
   * @param about made only for what is worth telling
   */
  public void observe(String type, RawObject event, Supplier<About> about) {
    notice(type, event, about).ifPresent(lifecycle::say);
  }

  private static Optional<AgentNotice> notice(String type, RawObject event, Supplier<About> about) {
    String tool = event.text("toolName");
    String toolCallId = event.text("toolCallId");
    return switch (type) {
      case "agent_end" -> Optional.of(new AgentNotice.Finished(about.get(), lastText(event)));
      case "cli_error" ->
          Optional.of(new AgentNotice.Failed(about.get(), beginning(event.text("message"))));
      case "tool_execution_start" ->
          ASK.equals(tool)
              ? Optional.of(asked(about.get(), toolCallId, event.object("args")))
              : PLAN.equals(tool)
                  ? Optional.of(new AgentNotice.PlanReady(about.get()))
                  : Optional.empty();
      case "tool_execution_end" ->
          ASK.equals(tool)
              ? Optional.of(new AgentNotice.Settled(about.get(), toolCallId))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static AgentNotice asked(
      About about, @Nullable String toolCallId, @Nullable RawObject arguments) {
    Question question = arguments == null ? Question.NONE : question(arguments);
    return new AgentNotice.Asked(
        about, toolCallId, question.count(), beginning(question.text()), question.options());
  }

  private static Question question(RawObject arguments) {
    List<RawJson> several = JsonValues.elements(arguments.get("questions"));
    Question found = Question.NONE;
    for (RawJson each : several == null ? List.<RawJson>of() : several) {
      RawObject one = RawObject.parse(each);
      String text = one == null ? null : one.trimmedText("question");
      if (one != null && text != null) {
        found =
            found.count() == 0
                ? new Question(1, text, options(one))
                : new Question(found.count() + 1, found.text(), found.options());
      }
    }
    String alone = arguments.trimmedText("question");
    return found.count() > 0 || alone == null ? found : new Question(1, alone, options(arguments));
  }

  private static List<String> options(RawObject question) {
    List<String> options = new ArrayList<>();
    List<RawJson> given = JsonValues.elements(question.get("options"));
    for (RawJson each : given == null ? List.<RawJson>of() : given) {
      String text = JsonValues.text(each);
      if (text != null && !text.isBlank() && options.size() < MOST_OPTIONS) {
        options.add(text);
      }
    }
    return options;
  }

  /** What the assistant wrote last, its parts line by line. */
  private static @Nullable String lastText(RawObject event) {
    List<RawJson> messages = JsonValues.elements(event.get("messages"));
    if (messages == null) {
      return null;
    }
    for (RawJson each : messages.reversed()) {
      RawObject message = RawObject.parse(each);
      if (message != null && "assistant".equals(message.text("role"))) {
        String text = text(JsonValues.elements(message.get("content")));
        if (!text.isEmpty()) {
          return beginning(text);
        }
      }
    }
    return null;
  }

  private static String text(@Nullable List<RawJson> parts) {
    List<String> lines = new ArrayList<>();
    for (RawJson each : parts == null ? List.<RawJson>of() : parts) {
      RawObject part = RawObject.parse(each);
      String line = part != null && "text".equals(part.text("type")) ? part.text("text") : null;
      if (line != null) {
        lines.add(line);
      }
    }
    return String.join("\n", lines).strip();
  }

  private static @Nullable String beginning(@Nullable String text) {
    return text == null || text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
  }
}
