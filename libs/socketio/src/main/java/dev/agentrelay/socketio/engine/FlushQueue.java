package dev.agentrelay.socketio.engine;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects an event loop's written channels, so that each is flushed once per turn however much was
 * written to it.
 */
final class FlushQueue implements Runnable {
  private static final FastThreadLocal<FlushQueue> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected FlushQueue initialValue() {
          return new FlushQueue();
        }
      };

  private final List<WebSocketChannel> written = new ArrayList<>();

  private FlushQueue() {}

  static void add(WebSocketChannel channel, EventLoop current) {
    FlushQueue queue = OF_THREAD.get();
    if (queue.written.isEmpty()) {
      current.execute(queue);
    }
    queue.written.add(channel);
  }

  @Override
  public void run() {
    for (int i = 0;
        i < written.size();
        i++) { // a flush may close a channel, whose handlers may write to another
      written.get(i).flush();
    }
    written.clear();
  }
}
