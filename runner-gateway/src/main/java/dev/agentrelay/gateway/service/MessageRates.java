package dev.agentrelay.gateway.service;

import dev.agentrelay.socketio.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How many service messages a socket may send: 50 in each second (sockets.md 5). On the socket's
 * event loop only.
 */
final class MessageRates {
  private static final int PER_SECOND = 50;

  private final Map<Socket, Window> windows = new ConcurrentHashMap<>();

  private static final class Window {
    long startedAt = System.nanoTime();
    int count;
  }

  boolean admits(Socket socket) {
    Window window =
        windows.computeIfAbsent(
            socket,
            each -> {
              each.onDisconnect(reason -> windows.remove(each));
              return new Window();
            });
    long now = System.nanoTime();
    if (now - window.startedAt >= TimeUnit.SECONDS.toNanos(1)) {
      window.startedAt = now;
      window.count = 0;
    }
    return ++window.count <= PER_SECOND;
  }
}
