package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Mail;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.preferences.PreferenceDirectory;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a runner, wherever it is connected, for a session, and links the two (sockets.md 4.2). */
@Singleton
public class SessionStarts {
  private static final String UNKNOWN = "Unable to validate model availability";
  private static final Reply HIDDEN =
      new Reply(Outcome.REFUSED, JsonValues.of("Requested model is not available"));

  private final RunnerLine line;
  private final SessionLinks links;
  private final ChildLinks family;
  private final PreferenceDirectory preferences;

  SessionStarts(
      RunnerLine line, SessionLinks links, ChildLinks family, PreferenceDirectory preferences) {
    this.line = line;
    this.links = links;
    this.family = family;
    this.preferences = preferences;
  }

  /**
   * What became of it.
   *
   * @param reply the runner's word, or {@link Outcome#NO_ANSWER} when it gave none in time and the
   *     session may be starting all the same; a refusal has its text
   * @param child whether the session has a parent
   */
  public record Start(Reply reply, boolean child) {
    /** Why it was refused. */
    public String refusal() {
      String text = JsonValues.text(reply.value());
      return text == null ? "Failed to send spawn request to runner" : text;
    }
  }

  /**
   * Sends {@code new_session} to a runner that is the user's. A model that the user has hidden is
   * refused; fails when nobody can say which those are.
   */
  public Future<Start> start(UserId user, SessionId session, GatewayCommand.Spawn spawn) {
    return UniHelper.toFuture(preferences.of(user))
        .recover(unknown -> Future.failedFuture(new RelayException(ErrorCode.INTERNAL, UNKNOWN)))
        .compose(
            preferred ->
                spawn.model() != null
                        && preferred.hides(spawn.model().provider(), spawn.model().id())
                    ? Future.succeededFuture(new Start(HIDDEN, false))
                    : acceptedParent(user, spawn.parent())
                        .compose(
                            parent ->
                                ask(
                                        user,
                                        session,
                                        spawn,
                                        newSession(
                                            session,
                                            spawn,
                                            preferred.hiddenModels(),
                                            parent.orElse(null)))
                                    .map(reply -> new Start(reply, parent.isPresent()))));
  }

  /** The parent, if it is live and the user's; any other is silently left out. */
  private Future<Optional<SessionId>> acceptedParent(UserId user, @Nullable SessionId parent) {
    return parent == null
        ? Future.succeededFuture(Optional.empty())
        : family
            .find(parent)
            .map(found -> found.filter(live -> live.user().equals(user)).map(live -> parent));
  }

  private Future<Reply> ask(
      UserId user, SessionId session, GatewayCommand.Spawn spawn, RawObject newSession) {
    Mail.Spawn question = new Mail.Spawn(spawn.runner(), session, spawn.readyWait().toMillis());
    return line.ask(spawn.runner(), question, newSession.toJson(), spawn.readyWait())
        .compose(
            reply ->
                reply.outcome() == Outcome.NO_ANSWER || reply.outcome() == Outcome.LOST
                    ? links.link(session, user, spawn.runner()).map(linked -> reply)
                    : Future.succeededFuture(reply));
  }

  /** Says that the runner may be starting the session, though nobody has its word. */
  public Future<Void> link(SessionId session, UserId user, RunnerId runner) {
    return links.link(session, user, runner).mapEmpty();
  }

  private static RawObject newSession(
      SessionId session,
      GatewayCommand.Spawn spawn,
      List<String> hiddenModels,
      @Nullable SessionId parent) {
    RawObject message = RawObject.empty().put("sessionId", session.value());
    putText(message, "cwd", spawn.cwd());
    putText(message, "prompt", spawn.prompt());
    if (!spawn.imageUrls().isEmpty()) {
      message.put("imageUrls", JsonValues.texts(spawn.imageUrls()));
    }
    if (spawn.model() != null) {
      message.put(
          "model",
          RawObject.empty()
              .put("provider", spawn.model().provider())
              .put("id", spawn.model().id()));
    }
    if (!hiddenModels.isEmpty()) {
      message.put("hiddenModels", JsonValues.texts(hiddenModels));
    }
    if (spawn.agent() != null) {
      message.put("agent", RawJson.of(spawn.agent().value()));
    }
    putText(message, "parentSessionId", parent == null ? null : parent.value());
    putText(message, "resumePath", spawn.resumePath());
    putText(message, "resumeId", spawn.resumePath() == null ? spawn.resumeId() : null);
    if (spawn.autoClose() != null) {
      message.put("autoClose", spawn.autoClose().booleanValue());
    }
    return message;
  }

  private static void putText(RawObject message, String member, @Nullable String text) {
    if (text != null) {
      message.put(member, text);
    }
  }
}
