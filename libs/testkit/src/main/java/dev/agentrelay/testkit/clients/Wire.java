package dev.agentrelay.testkit.clients;

import io.socket.client.Manager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** One Engine.IO connection: its options, and the means to cut it without a goodbye. */
final class Wire implements WebSocket.Factory {
  private static final int NORMAL = 1000;
  private static final OkHttpClient HTTP = httpClient();

  private final Manager manager;
  private volatile @Nullable WebSocket current;

  Wire(ClientOptions options) {
    this.manager = new Manager(options.relay(), settings(options));
  }

  Manager manager() {
    return manager;
  }

  /** Drops the TCP connection, without close frame or DISCONNECT, as a killed process does. */
  void cut() {
    WebSocket socket = current;
    if (socket != null) {
      socket.cancel();
    }
  }

  @Override
  public WebSocket newWebSocket(Request request, WebSocketListener listener) {
    WebSocket socket = HTTP.newWebSocket(request, new Closing(listener));
    current = socket;
    return socket;
  }

  private Manager.Options settings(ClientOptions options) {
    Manager.Options settings = new Manager.Options();
    settings.transports = options.transports().toArray(String[]::new);
    settings.reconnectionDelay = options.reconnectDelay().toMillis();
    settings.reconnectionDelayMax = 30_000;
    settings.timeout = options.limit().toMillis();
    settings.webSocketFactory = this;
    settings.callFactory = HTTP;
    Map<String, List<String>> headers = new LinkedHashMap<>();
    if (options.cookie() != null) {
      headers.put("Cookie", List.of(options.cookie()));
    }
    if (options.origin() != null) {
      headers.put("Origin", List.of(options.origin()));
    }
    settings.extraHeaders = headers;
    return settings;
  }

  /** Answers a close frame, which the library leaves to time out; browsers and Node answer. */
  private static final class Closing extends WebSocketListener {
    private final WebSocketListener library;

    Closing(WebSocketListener library) {
      this.library = library;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      library.onOpen(socket, response);
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      library.onMessage(socket, text);
    }

    @Override
    public void onMessage(WebSocket socket, ByteString bytes) {
      library.onMessage(socket, bytes);
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      socket.close(NORMAL, null);
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
      library.onClosed(socket, code, reason);
    }

    @Override
    public void onFailure(WebSocket socket, Throwable cause, @Nullable Response response) {
      library.onFailure(socket, cause, response);
    }
  }

  private static OkHttpClient httpClient() {
    // Virtual threads, so that no connection keeps a finished program alive.
    Dispatcher dispatcher = new Dispatcher(Executors.newVirtualThreadPerTaskExecutor());
    dispatcher.setMaxRequests(10_000);
    dispatcher.setMaxRequestsPerHost(10_000);
    return new OkHttpClient.Builder()
        .dispatcher(dispatcher)
        // A long poll is silent until the server's next ping, 30 s at most.
        .readTimeout(90, TimeUnit.SECONDS)
        .build();
  }
}
