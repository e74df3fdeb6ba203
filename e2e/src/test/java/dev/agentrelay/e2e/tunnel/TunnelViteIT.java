package dev.agentrelay.e2e.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A Vite dev server on a runner: an edit is seen without a reload. */
class TunnelViteIT {
  @Test
  void anEditShowsInTheBrowserWithoutAReload() throws Exception {
    Chromium chromium = Chromium.running();
    TunnelStage stage = TunnelStage.ready();
    try (ViteServer vite = ViteServer.start()) {
      await("the dev server").atMost(Duration.ofSeconds(60)).until(() -> listens(vite.port()));
      stage.expose(vite.port());
      try (Page page = chromium.open(stage.url(vite.port()), stage.cookies())) {
        page.awaitTrue("document.getElementById('text').textContent === 'before'");
        page.evaluate("window.unloaded = false");
        vite.write("after");
        page.awaitTrue("document.getElementById('text').textContent === 'after'");
        assertThat(page.evaluate("window.unloaded")).isEqualTo(false);
      }
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
