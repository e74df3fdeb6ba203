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
   * answered within {@code readyWait}; {@link CommandAnswer.Outcome#REFUSED}: with the runner's
   * text. The answer names the session. Waking an offline session is this with its old id as {@code
   * session} and {@code resumeId}; wakes of one session that come together share one attempt.
   *
   * @param session the id of the session; a fresh one when absent
   * @param agent {@code {name, systemPrompt?, tools?, disallowedTools?}}
   * @param hiddenModels {@code provider/id}; not sent when empty
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
      List<String> hiddenModels,
      @Nullable Boolean autoClose,
      Duration readyWait)
      implements GatewayCommand {

    /** A session of the runner with nothing but the defaults. */
    public static Spawn on(RunnerId runner) {
      return new Spawn(
          runner,
          null,
          null,
          null,
          List.of(),
          null,
          null,
          null,
          null,
          null,
          List.of(),
          null,
          Duration.ofSeconds(10));
    }

    /** The offline session again, under its id. */
    public static Spawn wake(RunnerId runner, SessionId session, @Nullable String cwd) {
      return on(runner).withSession(session).withCwd(cwd).withResumeId(session.value());
    }

    public Spawn withSession(SessionId wanted) {
      return new Spawn(
          runner,
          wanted,
          cwd,
          prompt,
          imageUrls,
          model,
          agent,
          parent,
          resumePath,
          resumeId,
          hiddenModels,
          autoClose,
          readyWait);
    }

    public Spawn withCwd(@Nullable String folder) {
      return new Spawn(
          runner,
          session,
          folder,
          prompt,
          imageUrls,
          model,
          agent,
          parent,
          resumePath,
          resumeId,
          hiddenModels,
          autoClose,
          readyWait);
    }

    public Spawn withPrompt(@Nullable String text) {
      return new Spawn(
          runner,
          session,
          cwd,
          text,
          imageUrls,
          model,
          agent,
          parent,
          resumePath,
          resumeId,
          hiddenModels,
          autoClose,
          readyWait);
    }

    /** The model to use, and those that the session must not offer. */
    public Spawn withModels(@Nullable Model chosen, List<String> hidden) {
      return new Spawn(
          runner,
          session,
          cwd,
          prompt,
          imageUrls,
          chosen,
          agent,
          parent,
          resumePath,
          resumeId,
          List.copyOf(hidden),
          autoClose,
          readyWait);
    }

    /** Whether the session closes by itself when its agent is done; absent leaves it unsaid. */
    public Spawn withAutoClose(@Nullable Boolean close) {
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
          hiddenModels,
          close,
          readyWait);
    }

    private Spawn withResumeId(String id) {
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
          id,
          hiddenModels,
          autoClose,
          readyWait);
    }

    @Override
    public String key() {
      return runner.value();
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
