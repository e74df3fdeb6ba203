package dev.agentrelay.e2e.drills;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A bad network before an address: it swallows, cuts, and leads elsewhere. Thread-safe. */
final class Network implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  private final ServerSocket server;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Set<Link> swallowing = ConcurrentHashMap.newKeySet();
  private volatile URI target;

  /** One connection, both ways. */
  private record Link(Socket near, Socket far) {
    void cut() {
      closed(near);
      closed(far);
    }
  }

  Network(URI target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread.ofVirtual().name("bad-network").start(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Keeps the present connections open and passes none of their bytes on from now on. */
  void swallow() {
    swallowing.addAll(links);
  }

  /** Leads connections to come elsewhere and cuts the present ones. */
  void leadTo(URI other) {
    target = other;
    links.forEach(Link::cut);
  }

  @Override
  public void close() throws IOException {
    server.close();
    links.forEach(Link::cut);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Thread.ofVirtual().start(() -> connect(near));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket near) {
    try {
      Socket far = new Socket(target.getHost(), target.getPort());
      Link link = new Link(near, far);
      links.add(link);
      Thread.ofVirtual().start(() -> pass(link, near, far));
      pass(link, far, near);
    } catch (IOException unreachable) {
      closed(near);
    }
  }

  private void pass(Link link, Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!swallowing.contains(link)) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException broken) {
      // the same as its end
    } finally {
      links.remove(link);
      swallowing.remove(link);
      link.cut();
    }
  }

  private static void closed(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // nobody needs it any more
    }
  }
}
