package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.preferences.PreferenceDirectory;
import dev.agentrelay.socketio.Acknowledgement;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.vertx.UniHelper;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a viewer does to the session it shows, where the session lets it (sockets.md 4.5). */
@Singleton
class ViewerActions {
  private static final Logger LOG = Logger.getLogger(ViewerActions.class);
  private static final List<String> ATTACHMENT_MEMBERS =
      List.of("attachmentId", "mediaType", "filename", "url");
  private static final Set<String> DELIVERIES = Set.of("steer", "followUp");

  private final WorkerLine workers;
  private final PreferenceDirectory preferences;
  private final GatewayConfig config;

  ViewerActions(WorkerLine workers, PreferenceDirectory preferences, GatewayConfig config) {
    this.workers = workers;
    this.preferences = preferences;
    this.config = config;
  }

  /** Passes an event on as it came; dropped where the session is not open to it. */
  void forward(Viewer viewer, String event, RawObject payload) {
    SessionId session = viewer.session();
    if (session != null && viewer.collab()) {
      send(session, event, payload);
    }
  }

  /** Passes a choice of model on, unless the viewer's user has hidden that model. */
  void chooseModel(Viewer viewer, RawObject payload) {
    SessionId session = viewer.session();
    if (session == null || !viewer.collab()) {
      return;
    }
    String provider = payload.text("provider");
    String model = payload.text("modelId");
    viewer.choice =
        viewer
            .choice
            .transform(before -> UniHelper.toFuture(preferences.of(viewer.caller().userId())))
            .onSuccess(
                preferred -> {
                  if (provider == null || model == null || !preferred.hides(provider, model)) {
                    send(session, "model_set", payload);
                  }
                });
  }

  private void send(SessionId session, String event, RawObject payload) {
    workers
        .emit(session, event, payload.toJson())
        .onFailure(
            failure ->
                LOG.warnf("%s did not reach session %s: %s", event, session, failure.getMessage()));
  }

  /** Passes input on; the acknowledgement says, exactly once, whether the worker has it. */
  void input(Viewer viewer, RawObject payload, Acknowledgement ack) {
    SessionId session = viewer.session();
    if (session == null || !viewer.collab()) {
      ack.send(RawJson.FALSE);
      return;
    }
    viewer
        .choice
        .transform(
            chosen -> workers.ask(session, "input", input(payload).toJson(), config.inputWait()))
        .onComplete(
            answer ->
                ack.send(
                    answer.succeeded() && delivered(answer.result())
                        ? RawJson.TRUE
                        : RawJson.FALSE));
  }

  /**
   * A worker that says nothing has it all the same: one generation of workers never answers,
   * another late.
   */
  private static boolean delivered(Reply reply) {
    return switch (reply.outcome()) {
      case DONE -> !JsonValues.isLiteral(reply.value(), "false");
      case NO_ANSWER -> true;
      case LOST, ABSENT, REFUSED -> false;
    };
  }

  private static RawObject input(RawObject payload) {
    RawObject input = RawObject.empty();
    input.putIfPresent("text", payload.get("text"));
    input.put("attachments", attachments(payload.get("attachments")));
    input.putIfPresent("client", payload.get("client"));
    String deliverAs = payload.text("deliverAs");
    if (deliverAs != null && DELIVERIES.contains(deliverAs)) {
      input.put("deliverAs", deliverAs);
    }
    if (payload.text("requestId") != null) {
      input.putIfPresent("requestId", payload.get("requestId"));
    }
    return input;
  }

  private static RawJson attachments(@Nullable RawJson list) {
    List<RawJson> kept = new ArrayList<>();
    List<RawJson> elements = JsonValues.elements(list);
    for (RawJson element : elements == null ? List.<RawJson>of() : elements) {
      RawObject attachment = RawObject.parse(element);
      if (attachment != null
          && (attachment.trimmedText("attachmentId") != null
              || attachment.trimmedText("url") != null)) {
        RawObject reduced = RawObject.empty();
        for (String member : ATTACHMENT_MEMBERS) {
          String text = attachment.text(member);
          if (text != null) {
            reduced.put(member, text);
          }
        }
        kept.add(reduced.toJson());
      }
    }
    return JsonValues.array(kept);
  }
}
