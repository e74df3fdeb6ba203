package dev.agentrelay.socketio.engine;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** HTTP long-polling: one GET that waits for packets, one POST at a time that brings some. */
final class PollingTransport implements Transport {
  private static final String CLOSE = "1";
  private static final String NOOP = "6";
  private static final byte[] NO_BODY = {};

  private final EngineConnection connection;
  private final int maxPayload;
  private final Queue<EngineFrame> outgoing = new ArrayDeque<>(4);
  private final AtomicLong outgoingBytes = new AtomicLong();
  private boolean drainScheduled;
  private @Nullable EngineReply pendingGet;
  private @Nullable EngineReply pendingPost;
  private byte[] body = NO_BODY;
  private int bodyPosition;
  private boolean paused;

  PollingTransport(EngineConnection connection, int maxPayload) {
    this.connection = connection;
    this.maxPayload = maxPayload;
  }

  void onGet(EngineReply reply) {
    if (pendingGet != null) {
      connection.close(CloseReason.TRANSPORT_ERROR);
      reply.refuse(EngineError.BAD_REQUEST);
      return;
    }
    pendingGet = reply;
    reply.onConnectionClosed(closed -> connection.execute(() -> onGetClosed(reply)));
    if (!outgoing.isEmpty()) {
      drain();
    } else if (connection.isProbing()) {
      releaseGet(NOOP);
    }
  }

  private void onGetClosed(EngineReply reply) {
    if (pendingGet == reply) {
      pendingGet = null;
      connection.onTransportFailed(this, CloseReason.TRANSPORT_ERROR);
    }
  }

  /**
   * Announces a POST whose body is still being read. False if another one is unanswered: the
   * connection is then closed.
   */
  boolean beginPost(EngineReply reply) {
    if (pendingPost != null) {
      connection.close(CloseReason.TRANSPORT_ERROR);
      return false;
    }
    pendingPost = reply;
    return true;
  }

  void onBody(byte[] received) {
    body = received;
    bodyPosition = 0;
    if (received.length == 0) {
      connection.close(CloseReason.PARSE_ERROR);
      return;
    }
    dispatchBody();
  }

  /** Hands over packets until reading is paused; the POST is answered after the last one. */
  private void dispatchBody() {
    while (!paused && bodyPosition < body.length && pendingPost != null) {
      int start = bodyPosition;
      int end = PollingPayload.endOfPacket(body, start);
      bodyPosition = end + 1;
      connection.onPollingPacket(this, body, start, end);
    }
    if (bodyPosition >= body.length && pendingPost != null && body != NO_BODY) {
      body = NO_BODY;
      EngineReply reply = pendingPost;
      pendingPost = null;
      reply.accepted();
    }
  }

  @Override
  public void send(EngineFrame frame) {
    outgoing.add(frame);
    outgoingBytes.addAndGet(frame.size());
    if (pendingGet != null && !drainScheduled) {
      drainScheduled = true;
      connection.eventLoop().execute(this::drain); // one answer for all that this turn sends
    }
  }

  @Override
  public void send(SharedFrame frame) {
    send(frame.frame());
  }

  private void drain() {
    drainScheduled = false;
    EngineReply reply = pendingGet;
    if (reply != null && !outgoing.isEmpty()) {
      pendingGet = null;
      reply.packets(takeBody());
    }
  }

  private Buffer takeBody() {
    Buffer packets = PollingPayload.drain(outgoing, maxPayload);
    long left = 0;
    for (EngineFrame frame : outgoing) {
      left += frame.size();
    }
    outgoingBytes.set(left);
    return packets;
  }

  private void releaseGet(String packet) {
    EngineReply reply = pendingGet;
    if (reply != null) {
      pendingGet = null;
      reply.packets(packet);
    }
  }

  /** A WebSocket has announced itself: the client waits for its GET to end before it goes on. */
  void onProbe() {
    drain();
    releaseGet(NOOP);
  }

  /** Gives up in favour of a WebSocket; answers what is still to be sent. */
  Queue<EngineFrame> retire() {
    paused = false;
    dispatchBody();
    releaseGet(NOOP);
    outgoingBytes.set(0);
    return outgoing;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    if (paused) {
      paused = false;
      dispatchBody();
    }
  }

  @Override
  public long pendingBytes() {
    return outgoingBytes.get();
  }

  @Override
  public boolean close(CloseReason reason) {
    EngineReply post = pendingPost;
    pendingPost = null;
    body = NO_BODY;
    boolean blameless =
        reason == CloseReason.TRANSPORT_CLOSE
            || reason == CloseReason.SERVER_CLOSE
            || reason == CloseReason.SHUTDOWN;
    if (post != null && blameless) {
      post.accepted(); // nothing was wrong with it: the GET tells the rest
    } else if (post != null) {
      post.refuse(EngineError.BAD_REQUEST);
    }
    if (reason == CloseReason.TRANSPORT_CLOSE) {
      releaseGet(NOOP);
    } else if (pendingGet != null) {
      answerLast(pendingGet);
    } else if (reason == CloseReason.SERVER_CLOSE && !outgoing.isEmpty()) {
      return true;
    }
    outgoing.clear();
    outgoingBytes.set(0);
    return false;
  }

  /** Answers the GET with all that is left and the close packet. */
  void answerLast(EngineReply reply) {
    pendingGet = null;
    outgoing.add(EngineFrame.ofPacket(CLOSE));
    reply.packets(PollingPayload.drain(outgoing, Integer.MAX_VALUE));
  }
}
