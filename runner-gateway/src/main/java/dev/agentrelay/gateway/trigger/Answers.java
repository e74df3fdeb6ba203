package dev.agentrelay.gateway.trigger;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.socketio.Acknowledgement;

/** What workers are answered, in the words that they compare (sockets.md 4.9 to 4.12). */
public final class Answers {
  public static final String OTHER_USER = "Target session belongs to a different user";
  public static final String SENDER_NO_CHILD =
      "Sender is no longer a child of the target session (linked relationship is broken or stale)";
  public static final String SENDER_NO_PARENT =
      "Sender is not the parent of the target session (linked relationship is broken or stale)";

  private Answers() {}

  public static String notConnected(SessionId target) {
    return "Target session " + target + " is not connected";
  }

  /** Shown in the worker's status line. */
  public static void error(OwnedSession worker, String text) {
    worker.worker().emit("error", RawObject.empty().put("message", text).toJson());
  }

  public static void ok(Acknowledgement ack) {
    ack.send(RawObject.empty().put("ok", true).toJson());
  }

  public static void failed(Acknowledgement ack, String text) {
    ack.send(RawObject.empty().put("ok", false).put("error", text).toJson());
  }
}
