package dev.agentrelay.e2e.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An app on a runner as a signed-in person sees it in a browser, on a path tunnel. */
class TunnelBrowserIT {
  private final TunnelStage stage = TunnelStage.ready();
  private final Page page = Page.open(stage.url(), stage.cookies());

  TunnelBrowserIT() throws IOException {}

  @AfterEach
  void close() {
    page.close();
  }

  @Test
  void anAppWithAbsolutePathsEverywhereWorks() {
    Pages.awaitShown(page);
    assertThat(page.evaluate("getComputedStyle(document.getElementById('text')).color"))
        .isEqualTo("rgb(1, 2, 3)");
    page.awaitTrue("document.getElementById('dot').naturalWidth === 7");
    URI inner = stage.url().resolve("inner/page");
    assertThat(page.evaluate("location.href")).isEqualTo(inner.toString());
  }

  @Test
  void aWorkerFindsTheApp() {
    Pages.awaitShown(page);
    assertThat(
            page.evaluate(
                """
                new Promise((done, fail) => {
                  const worker = new Worker("/_next/static/" + "worker.js");
                  worker.onerror = fail;
                  worker.onmessage = message => done(message.data);
                })
                """))
        .isEqualTo("from the app");
  }

  @Test
  void eventsArriveWhileTheyAreSent() {
    Pages.awaitShown(page);
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
    Pages.awaitShown(page);
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
    Pages.awaitShown(page);
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
    Pages.awaitShown(page);
    assertThat(page.evaluate(Pages.ECHO)).isEqualTo(true);
  }
}
