package dev.agentrelay.socketio;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A load to look at, not a test: one room, many WebSocket viewers that only count bytes, packets of
 * 1 KiB emitted from outside the event loops. Arguments: viewers, packets, packets in flight.
 * Prints deliveries per second, and CPU of the server's event loops per delivery.
 */
final class FanOutLoad {
  private static final String TEXT = "\"" + "x".repeat(1_000) + "\"";

  private FanOutLoad() {}

  public static void main(String[] args) throws Exception {
    int viewers = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    int packets = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
    int inFlight = args.length > 2 ? Integer.parseInt(args[2]) : 50;
    try (TestServer server =
        TestServer.start(
            socketIo -> socketIo.namespace("/").onConnect(socket -> socket.join("room")))) {
      AtomicLong received = new AtomicLong();
      connect(server, viewers, received);
      Namespace namespace = server.socketIo().namespace("/");
      while (namespace.room("room").size() < viewers) {
        Thread.onSpinWait();
      }
      long size = namespace.encode("event", RawJson.of("0"), RawJson.of(TEXT)).size();
      for (String round : new String[] {"warm-up", "measured"}) {
        long already = received.get();
        long cpu = eventLoopNanos();
        long start = System.nanoTime();
        for (int i = 0; i < packets; i++) {
          long owed = (long) (i - inFlight) * viewers * size;
          while (received.get() - already < owed) {
            Thread.sleep(0, 100_000);
          }
          namespace.room("room").emit(namespace.encode("event", RawJson.of("0"), RawJson.of(TEXT)));
        }
        while (received.get() - already < (long) packets * viewers * size) {
          Thread.sleep(1);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double deliveries = (double) packets * viewers;
        System.out.printf(
            "%s: %,.0f deliveries/s, %.2f µs CPU of the event loops per delivery%n",
            round, deliveries / seconds, (eventLoopNanos() - cpu) / 1e3 / deliveries);
      }
    }
    System.exit(0);
  }

  private static long eventLoopNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().contains("eventloop")) {
        nanos += threads.getThreadCpuTime(thread.getThreadId());
      }
    }
    return nanos;
  }

  private static void connect(TestServer server, int viewers, AtomicLong received)
      throws Exception {
    Selector selector = Selector.open();
    int port = java.net.URI.create(server.uri()).getPort();
    for (int i = 0; i < viewers; i++) {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port));
      write(
          channel,
          """
          GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r
          Host: localhost\r
          Connection: Upgrade\r
          Upgrade: websocket\r
          Sec-WebSocket-Version: 13\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          \r
          """);
      ByteBuffer answer = ByteBuffer.allocate(4_096);
      while (!StandardCharsets.US_ASCII
          .decode(answer.duplicate().flip())
          .toString()
          .contains("maxPayload")) {
        channel.read(answer);
      }
      channel.write(ByteBuffer.wrap(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, '4', '0'}));
      answer.clear();
      while (!StandardCharsets.US_ASCII
          .decode(answer.duplicate().flip())
          .toString()
          .contains("}")) {
        channel.read(answer);
      }
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
    }
    Thread.ofPlatform().daemon().name("viewers").start(() -> count(selector, received));
  }

  private static void write(SocketChannel channel, String text) throws Exception {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static void count(Selector selector, AtomicLong received) {
    ByteBuffer sink = ByteBuffer.allocateDirect(1 << 20);
    try {
      while (true) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          sink.clear();
          received.addAndGet(((SocketChannel) key.channel()).read(sink));
        }
        selector.selectedKeys().clear();
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
