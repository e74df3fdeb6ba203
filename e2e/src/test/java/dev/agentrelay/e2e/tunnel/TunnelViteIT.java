package dev.agentrelay.e2e.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A Vite dev server on a runner: an edit is seen without a reload. */
class TunnelViteIT {
  private static final Duration SERVER_START = Duration.ofSeconds(60);

  private final TunnelStage stage = TunnelStage.ready();

  TunnelViteIT() throws IOException {}

  @Test
  void anEditShowsOnAPathTunnel() throws Exception {
    try (ViteServer vite = running()) {
      assertThatAnEditShows(vite, stage.url(vite.port()));
    }
  }

  @Test
  void anEditShowsOnAHostOfItsOwn() throws Exception {
    try (ViteServer vite = running()) {
      assertThatAnEditShows(vite, stage.hostUrl(vite.port()));
    }
  }

  private void assertThatAnEditShows(ViteServer vite, URI url) throws IOException {
    try (Page page = Page.open(url, stage.cookies())) {
      page.awaitTrue("document.getElementById('text').textContent === 'before'");
      assertThat(page.evaluate("getComputedStyle(document.getElementById('text')).backgroundImage"))
          .isEqualTo("url(\"" + url.resolve("dot.svg") + "\")");
      page.awaitTrue("sockets.some(socket => socket.readyState === WebSocket.OPEN)");
      page.evaluate("window.isStillTheSame = true");
      vite.write("after");
      page.awaitTrue("document.getElementById('text').textContent === 'after'");
      assertThat(page.evaluate("window.isStillTheSame")).isEqualTo(true);
      // where it fails, Vite tries the dev server itself, which is near in a test
      assertThat(page.evaluate("sockets.map(socket => socket.url.split('?')[0]).join(' ')"))
          .isEqualTo(url.toString().replaceFirst("^http", "ws"));
    }
  }

  private ViteServer running() throws IOException {
    ViteServer vite = ViteServer.start();
    await("the dev server").atMost(SERVER_START).until(() -> listens(vite.port()));
    stage.expose(vite.port());
    return vite;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
