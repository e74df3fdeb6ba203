package dev.agentrelay.socketio;

import dev.agentrelay.socketio.protocol.DecodedPacket;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The client's wish for an answer to an event. Any thread. */
public final class Acknowledgement {
  private static final Acknowledgement NOT_REQUESTED =
      new Acknowledgement(null, DecodedPacket.NO_ID);

  private final @Nullable Socket socket;
  private final long id;
  private final AtomicBoolean sent = new AtomicBoolean();

  private Acknowledgement(@Nullable Socket socket, long id) {
    this.socket = socket;
    this.id = id;
  }

  static Acknowledgement of(Socket socket, long id) {
    return id == DecodedPacket.NO_ID ? NOT_REQUESTED : new Acknowledgement(socket, id);
  }

  /** Whether the client asked for an answer. */
  public boolean isRequested() {
    return socket != null;
  }

  /**
   * Answers; does nothing if no answer was asked for, one was given before, or the socket has gone.
   */
  public void send(RawJson... args) {
    sendBinary(List.of(), args);
  }

  /** Answers with binary attachments, which the arguments name by placeholders. */
  public void sendBinary(List<byte[]> attachments, RawJson... args) {
    Socket receiver = socket;
    if (receiver != null && sent.compareAndSet(false, true)) {
      receiver.emit(EncodedPacket.ack(receiver.namespace(), id, attachments, args));
    }
  }
}
