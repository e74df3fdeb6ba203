package dev.agentrelay.e2e.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An app on a runner as a signed-in person sees it in a browser, on a path tunnel. */
class TunnelBrowserIT {
  private final Chromium chromium = Chromium.running();
  private final TunnelStage stage = TunnelStage.ready();
  private final Page page = chromium.open(stage.url(), stage.cookies());

  TunnelBrowserIT() throws IOException {}

  @AfterEach
  void close() {
    page.close();
  }

  @Test
  void anAppWithAbsolutePathsEverywhereWorks() {
    awaitApp(page);
    assertThat(page.evaluate("getComputedStyle(document.getElementById('text')).color"))
        .isEqualTo("rgb(1, 2, 3)");
    page.awaitTrue("document.getElementById('dot').naturalWidth === 7");
    URI inner = stage.url().resolve("inner/page");
    assertThat(page.evaluate("location.href")).isEqualTo(inner.toString());
  }

  @Test
  void eventsArriveWhileTheyAreSent() {
    awaitApp(page);
    assertThat(
            page.evaluate(
                """
                new Promise((done, fail) => {
                  const events = new EventSource("/events"), seen = [];
                  events.onerror = fail;
                  events.onmessage = event => {
                    seen.push(event.data);
                    if (seen.length === 3) { events.close(); done(seen.join(" ")) }
                  };
                })
                """))
        .isEqualTo("one two three");
  }

  @Test
  void aVideoElementSeeksByRanges() {
    awaitApp(page);
    assertThat(
            page.evaluate(
                """
                new Promise((done, fail) => {
                  const video = document.createElement("video");
                  video.preload = "metadata";
                  video.onerror = () => fail(new Error(video.error.message));
                  video.onloadedmetadata = () => { video.currentTime = 100 };
                  video.onseeked = () => done(video.duration + " " + video.currentTime);
                  video.src = "/sound.wav";
                  document.body.append(video);
                })
                """))
        .isEqualTo("120 100");
    assertThat(stage.app().ranges())
        .anySatisfy(range -> assertThat(range).matches("bytes=[1-9]\\d{5,}-\\d*"));
  }

  @Test
  void megabytesGoUp() {
    awaitApp(page);
    assertThat(
            page.evaluate(
                """
                (async () => {
                  const bytes = new Uint8Array(6 * 1024 * 1024);
                  for (let i = 0; i < bytes.length; i++) bytes[i] = i * 7919 >> 5;
                  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
                  const own = Array.from(hash, one => one.toString(16).padStart(2, "0")).join("");
                  const answer = await fetch("/upload", { method: "POST", body: new Blob([bytes]) });
                  return await answer.text() === own;
                })()
                """))
        .isEqualTo(true);
  }

  @Test
  void binaryMessagesOverAMebibyteAreEchoed() {
    awaitApp(page);
    assertThat(page.evaluate(echo("new WebSocket('ws://' + location.host + '/echo')")))
        .isEqualTo(true);
  }

  private static String echo(String socket) {
    return """
    new Promise((done, fail) => {
      const bytes = new Uint8Array(1536 * 1024);
      for (let i = 0; i < bytes.length; i++) bytes[i] = i * 7919 >> 5;
      const socket = %s;
      socket.binaryType = "arraybuffer";
      socket.onerror = () => fail(new Error("the socket failed"));
      socket.onopen = () => socket.send(bytes);
      socket.onmessage = message => {
        const back = new Uint8Array(message.data);
        socket.close();
        done(back.length === bytes.length && back.every((one, i) => one === bytes[i]));
      };
    })
    """
        .formatted(socket);
  }

  private static void awaitApp(Page shown) {
    shown.awaitTrue("document.getElementById('text').textContent === 'hello from the app'");
  }
}
