package dev.agentrelay.gateway.cluster;

import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.socketio.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What became of a question to the replica that holds a socket.
 *
 * @param value what the socket answered, where it was asked to
 */
public record Reply(Outcome outcome, @Nullable RawJson value) {
  public static final Reply DONE = new Reply(Outcome.DONE, null);
  public static final Reply NO_ANSWER = new Reply(Outcome.NO_ANSWER, null);
  public static final Reply LOST = new Reply(Outcome.LOST, null);
  public static final Reply ABSENT = new Reply(Outcome.ABSENT, null);
  public static final Reply REFUSED = new Reply(Outcome.REFUSED, null);

  public boolean isDone() {
    return outcome == Outcome.DONE;
  }
}
