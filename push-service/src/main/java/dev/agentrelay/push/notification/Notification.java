package dev.agentrelay.push.notification;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.About;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A notification as the web UI's service worker reads it (rest.md 6.4).
 *
 * @param label the session's name, or the beginning of its id
 * @param payload JSON text, small enough for one push message
 */
public record Notification(
    About about, NotificationType type, String label, String body, String payload) {

  /** A push message carries 4,096 bytes, of which encryption takes 103 (RFC 8291). */
  private static final int MOST_BYTES = 3_900;

  private static final int MOST_REPLY = 300;
  private static final int MOST_QUESTION = 120;
  private static final int MOST_LABEL = 200;
  private static final int MOST_TITLE = 30;
  private static final int BUTTONS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The notification that a notice asks for, if any. */
  public static Optional<Notification> of(AgentNotice notice) {
    String label = label(notice.about());
    return switch (notice) {
      case AgentNotice.Finished finished ->
          Optional.of(
              plain(
                  finished.about(),
                  NotificationType.AGENT_FINISHED,
                  "Agent finished",
                  finishedBody(finished.lastText(), label)));
      case AgentNotice.Asked asked -> Optional.of(asked(asked, label));
      case AgentNotice.PlanReady plan ->
          Optional.of(
              plain(
                  plan.about(),
                  NotificationType.AGENT_NEEDS_INPUT,
                  "Input needed",
                  askedBody("Plan ready for review", label)));
      case AgentNotice.Failed failed ->
          Optional.of(
              plain(
                  failed.about(),
                  NotificationType.AGENT_ERROR,
                  "Agent error",
                  failedBody(failed.message(), label)));
      case AgentNotice.Settled settled -> Optional.empty();
    };
  }

  private static Notification plain(About about, NotificationType type, String title, String body) {
    ObjectNode payload = payload(about, type, title, body);
    return new Notification(about, type, label(about), body, payload.toString());
  }

  private static Notification asked(AgentNotice.Asked asked, String label) {
    NotificationType type = NotificationType.AGENT_NEEDS_INPUT;
    String body = askedBody(asked.question(), label);
    ObjectNode bare = payload(asked.about(), type, "Input needed", body);
    List<ObjectNode> forms = new ArrayList<>();
    // a reply from a notification carries one answer, and only some sessions take it
    boolean answerable =
        asked.questions() <= 1 && asked.about().collab() && asked.toolCallId() != null;
    if (answerable && !asked.options().isEmpty()) {
      List<String> choices = asked.options().stream().filter(Notification::isChoice).toList();
      List<String> buttons = choices.subList(0, Math.min(BUTTONS, choices.size()));
      // the service worker answers a button with the choice of its number in the data
      forms.add(withButtons(bare, asked, asked.options(), buttons));
      forms.add(withButtons(bare, asked, buttons, buttons));
      forms.add(withButtons(bare, asked, List.of(), List.of()));
    }
    forms.add(withData(bare, asked));
    ObjectNode payload =
        forms.stream().filter(form -> size(form) <= MOST_BYTES).findFirst().orElse(bare);
    return new Notification(asked.about(), type, label, body, payload.toString());
  }

  private static ObjectNode withData(ObjectNode bare, AgentNotice.Asked asked) {
    ObjectNode payload = bare.deepCopy();
    ObjectNode data = payload.putObject("data");
    if (asked.toolCallId() != null) {
      data.put("toolCallId", asked.toolCallId());
    }
    return payload;
  }

  private static ObjectNode withButtons(
      ObjectNode bare, AgentNotice.Asked asked, List<String> options, List<String> buttons) {
    ObjectNode payload = withData(bare, asked);
    if (!options.isEmpty()) {
      ArrayNode listed = payload.withObject("data").putArray("options");
      options.forEach(listed::add);
    }
    addActions(payload, buttons);
    return payload;
  }

  private static ObjectNode payload(About about, NotificationType type, String title, String body) {
    return JSON.createObjectNode()
        .put("type", type.wireName())
        .put("title", title)
        .put("body", body)
        .put("sessionId", about.sessionId().value())
        .put("sessionName", label(about));
  }

  private static void addActions(ObjectNode payload, List<String> buttons) {
    ArrayNode actions = payload.putArray("actions");
    for (int number = 0; number < buttons.size(); number++) {
      String choice = buttons.get(number);
      actions
          .addObject()
          .put("action", "option-" + number)
          .put("title", choice.length() > MOST_TITLE ? cut(choice, MOST_TITLE - 2) + "…" : choice)
          .put("type", "button");
    }
    actions
        .addObject()
        .put("action", "reply")
        .put("title", "✏️ Reply")
        .put("type", "text")
        .put("placeholder", "Type your answer…");
  }

  /** Agents offer free text as a choice too; the reply action is that. */
  private static boolean isChoice(String option) {
    return !option.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "").equals("typeyourown");
  }

  private static String finishedBody(@Nullable String lastText, String label) {
    String reply = lastText == null ? "" : lastText.strip();
    if (reply.isEmpty()) {
      return "Your agent in \"" + label + "\" has finished its task.";
    }
    return reply.length() > MOST_REPLY ? cut(reply, MOST_REPLY - 3) + "…" : reply;
  }

  private static String askedBody(@Nullable String question, String label) {
    return question == null || question.isBlank()
        ? "Agent in \"" + label + "\" is waiting for your input."
        : "Agent in \"" + label + "\" asks: " + cut(question.strip(), MOST_QUESTION);
  }

  private static String failedBody(@Nullable String message, String label) {
    return message == null || message.isEmpty()
        ? "An error occurred in session \"" + label + "\"."
        : "Error in \"" + label + "\": " + cut(message, MOST_QUESTION);
  }

  private static String label(About about) {
    String name = about.sessionName();
    return name == null ? cut(about.sessionId().value(), 8) : cut(name, MOST_LABEL);
  }

  /** The first characters of a text, none of them half. */
  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end);
  }

  private static int size(ObjectNode payload) {
    return payload.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
