package dev.agentrelay.testkit.clients;

import io.socket.client.Ack;
import io.socket.client.Manager;
import io.socket.client.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.json.JSONObject;

/**
 * One namespace connection that keeps everything it receives. Reactions run on the client library's
 * event thread and must not wait. Thread-safe.
 */
public final class RelaySocket implements AutoCloseable {
  private final Wire wire;
  private final Socket socket;
  private final Duration limit;
  private final Inbox<Received> inbox = new Inbox<>();
  private final Map<String, Consumer<Received>> reactions = new ConcurrentHashMap<>();

  /** A socket on a connection of its own. Call {@link #connect} when its reactions are set. */
  public RelaySocket(ClientOptions options, String namespace, Map<String, Object> auth) {
    this(new Wire(options), options, namespace, auth);
  }

  RelaySocket(Wire wire, ClientOptions options, String namespace, Map<String, Object> auth) {
    this.wire = wire;
    this.limit = options.limit();
    Manager.Options settings = new Manager.Options();
    settings.auth = asLibraryWants(auth);
    this.socket = wire.manager().socket(namespace, settings);
    socket.on(Socket.EVENT_CONNECT, ignored -> receive("connect", new JSONObject()));
    socket.on(Socket.EVENT_DISCONNECT, arguments -> receive("disconnect", reason(arguments)));
    socket.on(Socket.EVENT_CONNECT_ERROR, arguments -> receive("connect_error", reason(arguments)));
    socket.onAnyIncoming(this::receiveEvent);
  }

  /** Sets what happens when an event comes; one reaction for each name. */
  public RelaySocket on(String event, Consumer<Received> reaction) {
    reactions.put(event, reaction);
    return this;
  }

  public RelaySocket connect() {
    socket.connect();
    return this;
  }

  /** Waits until the namespace is joined; fails at once when the server refuses. */
  public RelaySocket awaitConnected() {
    Received first = inbox.await(r -> r.is("connect") || r.is("connect_error"), limit);
    if (first.is("connect_error")) {
      throw new ConnectRefusedException(String.valueOf(first.text("message")));
    }
    return this;
  }

  public boolean connected() {
    return socket.connected();
  }

  public Inbox<Received> inbox() {
    return inbox;
  }

  /** The first event of that name, received or still to come within the handshake limit. */
  public Received await(String event) {
    return inbox.await(received -> received.is(event), limit);
  }

  public void emit(String event, JSONObject payload) {
    socket.emit(event, payload);
  }

  /** The acknowledgement's arguments, once they come. */
  public CompletableFuture<Object[]> emitWithAck(String event, JSONObject payload) {
    CompletableFuture<Object[]> answer = new CompletableFuture<>();
    socket.emit(event, new Object[] {payload}, (Ack) answer::complete);
    return answer.orTimeout(limit.toMillis() * 2, TimeUnit.MILLISECONDS);
  }

  /** Loses the connection as a broken network does; the client library connects again. */
  public void dropConnection() {
    wire.cut();
  }

  /** Loses the connection as a killed process does, for good. */
  public void kill() {
    wire.manager().reconnection(false);
    wire.cut();
  }

  /** Leaves the namespace with DISCONNECT; {@link #connect} comes back. */
  public void disconnect() {
    socket.disconnect();
  }

  @Override
  public void close() {
    wire.manager().reconnection(false);
    socket.disconnect();
  }

  private void receiveEvent(Object... arguments) {
    Ack ack = arguments[arguments.length - 1] instanceof Ack asked ? asked : null;
    JSONObject payload =
        arguments.length > 1 && arguments[1] instanceof JSONObject given ? given : new JSONObject();
    receive(new Received(String.valueOf(arguments[0]), payload, ack));
  }

  private void receive(String event, JSONObject payload) {
    receive(new Received(event, payload, null));
  }

  private void receive(Received received) {
    Consumer<Received> reaction = reactions.get(received.event());
    if (reaction != null) {
      reaction.accept(received);
    }
    // last, so that whoever awaits it finds the reaction done
    inbox.add(received);
  }

  private static JSONObject reason(Object... arguments) {
    Object cause = arguments.length == 0 ? "" : arguments[0];
    return cause instanceof JSONObject refusal
        ? refusal
        : Json.object("message", String.valueOf(cause));
  }

  // The library declares text values but writes whatever is in the map; real clients send numbers.
  @SuppressWarnings("unchecked")
  private static Map<String, String> asLibraryWants(Map<String, ?> auth) {
    return (Map<String, String>) auth;
  }
}
