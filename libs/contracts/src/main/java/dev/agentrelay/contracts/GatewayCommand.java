package dev.agentrelay.contracts;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service asks the gateways to do to a runner, a worker or the viewers of a session. The
 * gateway that runs it checks that runner and session are the acting user's.
 */
public sealed interface GatewayCommand {
  /** Commands of one key are carried out in the order in which they were sent. */
  String key();

  /**
   * Have a runner start a session (sockets.md 4.2). {@link CommandAnswer.Outcome#ACKNOWLEDGED}: the
   * runner has forked the worker; {@link CommandAnswer.Outcome#DELIVERED}: it was asked and has not
   * answered within {@code readyWait}, or a gateway that is gone may have asked it; {@link
   * CommandAnswer.Outcome#REFUSED}: with the runner's text. The answer names the session. Waking an
   * offline session is this with its old id as {@code session} and {@code resumeId}; wakes of one
   * session that come together share one attempt.
   *
   * @param session the id of the session; a fresh one when absent
   * @param agent {@code {name, systemPrompt?, tools?, disallowedTools?}}
   * @param model refused when the user has hidden it
   */
  record Spawn(
      RunnerId runner,
      @Nullable SessionId session,
      @Nullable String cwd,
      @Nullable String prompt,
      List<String> imageUrls,
      @Nullable Model model,
      @Nullable JsonText agent,
      @Nullable SessionId parent,
      @Nullable String resumePath,
      @Nullable String resumeId,
      @Nullable Boolean autoClose,
      Duration readyWait)
      implements GatewayCommand {

    /** A session of the runner with nothing but the defaults, to be told what it differs in. */
    public static Builder on(RunnerId runner) {
      return new Builder(runner);
    }

    /** The offline session again, under its id. */
    public static Spawn wake(RunnerId runner, SessionId session, @Nullable String cwd) {
      return on(runner).withSession(session).withCwd(cwd).withResumeId(session.value()).build();
    }

    @Override
    public String key() {
      return runner.value();
    }

    /** A spawn in the making; what is not said stays absent. Not thread-safe. */
    public static final class Builder {
      private final RunnerId runner;
      private @Nullable SessionId session;
      private @Nullable String cwd;
      private @Nullable String prompt;
      private List<String> imageUrls = List.of();
      private @Nullable Model model;
      private @Nullable JsonText agent;
      private @Nullable SessionId parent;
      private @Nullable String resumePath;
      private @Nullable String resumeId;
      private @Nullable Boolean autoClose;
      private Duration readyWait = Duration.ofSeconds(10);

      private Builder(RunnerId runner) {
        this.runner = runner;
      }

      public Builder withSession(SessionId wanted) {
        session = wanted;
        return this;
      }

      public Builder withCwd(@Nullable String folder) {
        cwd = folder;
        return this;
      }

      public Builder withPrompt(@Nullable String text) {
        prompt = text;
        return this;
      }

      public Builder withImageUrls(List<String> urls) {
        imageUrls = List.copyOf(urls);
        return this;
      }

      public Builder withModel(@Nullable Model chosen) {
        model = chosen;
        return this;
      }

      public Builder withAgent(@Nullable JsonText definition) {
        agent = definition;
        return this;
      }

      public Builder withParent(@Nullable SessionId id) {
        parent = id;
        return this;
      }

      public Builder withResumePath(@Nullable String path) {
        resumePath = path;
        return this;
      }

      public Builder withResumeId(@Nullable String id) {
        resumeId = id;
        return this;
      }

      /** Whether the session closes by itself when its agent is done; absent leaves it unsaid. */
      public Builder withAutoClose(@Nullable Boolean close) {
        autoClose = close;
        return this;
      }

      public Builder withReadyWait(Duration wait) {
        readyWait = wait;
        return this;
      }

      public Spawn build() {
        return new Spawn(
            runner,
            session,
            cwd,
            prompt,
            imageUrls,
            model,
            agent,
            parent,
            resumePath,
            resumeId,
            autoClose,
            readyWait);
      }
    }
  }

  /**
   * Hand a trigger to the session's worker and tell its viewers {@code trigger_delivered}
   * (sockets.md 4.10). {@link CommandAnswer.Outcome#ACKNOWLEDGED}: the worker has acknowledged it;
   * {@link CommandAnswer.Outcome#DELIVERED}: its socket took it.
   *
   * @param trigger the object under {@code trigger} of {@code session_trigger}, sent on as it is;
   *     workers drop one whose id they have seen, so a second delivery is harmless
   * @param workerWait how long to wait for a worker that has not registered yet, zero for not at
   *     all; the deadline has to allow for it
   * @param wake where to wake the session when no worker holds it; absent wakes nothing. A wake
   *     that was started, and did not bring a worker within {@code workerWait}, is answered {@link
   *     CommandAnswer.Outcome#WAKING}
   */
  record DeliverTrigger(
      SessionId session, JsonText trigger, Duration workerWait, @Nullable Wake wake)
      implements GatewayCommand {
    @Override
    public String key() {
      return session.value();
    }
  }

  /** Where an offline session is to be woken. */
  record Wake(RunnerId runner, @Nullable String cwd) {}

  /**
   * Hand input to the session's worker (sockets.md 3.1, {@code input}); absent members are not
   * sent. {@link CommandAnswer.Outcome#DELIVERED}: its socket took it. The worker is not asked to
   * acknowledge, because it does so only when its agent has finished.
   *
   * @param attachments a JSON array
   * @param client for example {@code push} or {@code agent}
   * @param deliverAs {@code steer} or {@code followUp}
   */
  record InjectInput(
      SessionId session,
      String text,
      @Nullable JsonText attachments,
      @Nullable String client,
      @Nullable String deliverAs,
      @Nullable String requestId)
      implements GatewayCommand {
    @Override
    public String key() {
      return session.value();
    }
  }

  /**
   * Hand the answer to a trigger to the worker that asked (sockets.md 4.10, {@code
   * trigger_response}). {@link CommandAnswer.Outcome#DELIVERED}: its socket took it.
   *
   * @param session the session that asked
   * @param triggerId as that session knows it
   * @param action for example {@code approve}; not sent when absent
   */
  record AnswerTrigger(SessionId session, String triggerId, String text, @Nullable String action)
      implements GatewayCommand {
    @Override
    public String key() {
      return session.value();
    }
  }

  /**
   * Have the runner kill a session's process, for example one that was spawned for a trigger which
   * then could not be delivered. {@link CommandAnswer.Outcome#DELIVERED}: the runner was told.
   *
   * @param runner the runner it was spawned on; absent takes the one the session is linked to
   */
  record EndSession(SessionId session, @Nullable RunnerId runner) implements GatewayCommand {
    @Override
    public String key() {
      return session.value();
    }
  }

  /**
   * Send an event to the viewers of a session. Always {@link CommandAnswer.Outcome#DELIVERED}:
   * nobody counts viewers.
   *
   * @param payload a JSON object
   */
  record TellViewers(SessionId session, ViewerEvent event, JsonText payload)
      implements GatewayCommand {
    @Override
    public String key() {
      return session.value();
    }
  }

  /** The viewer events that other services may cause (sockets.md 3.3). */
  enum ViewerEvent {
    /** {@code {triggerId}} or {@code {cleared:true}}: the trigger history has changed. */
    TRIGGER_DELIVERED("trigger_delivered"),
    /** {@code {triggerType, action}}. */
    TRIGGER_SUBSCRIPTIONS_CHANGED("trigger_subscriptions_changed");

    private final String wireName;

    ViewerEvent(String wireName) {
      this.wireName = wireName;
    }

    /** The event's name on the wire. */
    public String wireName() {
      return wireName;
    }
  }
}
