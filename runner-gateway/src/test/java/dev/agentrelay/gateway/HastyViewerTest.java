package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static dev.agentrelay.gateway.BareSession.envelopes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Viewers that ask for more, or more often, than any browser does (sockets.md 4.6). */
@QuarkusTest
class HastyViewerTest extends GatewayTest {
  private static final int SWITCHES = 100;
  private static final int RETURNS = 20;

  @Test
  void afterAHundredSwitchesTheLastSessionIsShown() {
    BareSession first = sessionWith("first");
    BareSession second = sessionWith("second");
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    for (int generation = 1; generation <= SWITCHES; generation++) {
      String session = generation % 2 == 0 ? second.id : first.id;
      viewer.emit("switch_session", Json.object("sessionId", session, "generation", generation));
    }
    viewer
        .inbox()
        .await(
            received ->
                received.is("connected") && received.payload().getInt("generation") == SWITCHES,
            LIMIT);
    viewer
        .inbox()
        .await(
            received ->
                received.is("event")
                    && received.payload().optInt("generation") == SWITCHES
                    && received.payload().toString().contains("\"messages\":[\"second\"]"),
            LIMIT);
    first.sendStored(Json.object("type", "turn_start"));
    second.sendStored(Json.object("type", "turn_end"));
    assertThat(envelope(viewer, "turn_end").getString("sessionId")).isEqualTo(second.id);
    assertThat(envelopes(viewer))
        .noneMatch(each -> each.getJSONObject("event").getString("type").equals("turn_start"));
    assertThat(viewer.inbox().all())
        .noneMatch(received -> received.is("error") || received.is("disconnect"));
  }

  @Test
  void aCursorFromTheFutureGetsNoGuess() {
    BareSession session = sessionWith("only");
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit(
        "switch_session",
        Json.object("sessionId", session.id, "generation", 1, "lastSeq", 1_000_000));
    assertThat(viewer.await("connected").payload().getLong("lastSeq")).isEqualTo(1);
    viewer.emit("connected", new JSONObject());
    // what a cursor beyond the counter has seen is not known here, so the worker says it anew
    assertThat(session.worker.await("connected").text("recoveryNonce")).isNotBlank();
    session.send(BareSession.snapshot(new JSONArray().put("anew")));
    assertThat(envelope(viewer, "session_active").getLong("seq")).isEqualTo(2);
    viewer.emit("resync", Json.object("lastSeq", 1_000_000));
    session.sendStored(Json.object("type", "turn_start"));
    assertThat(envelope(viewer, "turn_start").getLong("seq")).isEqualTo(3);
    assertThat(envelopes(viewer)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCursorFromBeforeTheWorkerRegisteredAgainGetsNoGuess(boolean ended) {
    BareSession before = sessionWith("before");
    before.sendStored(Json.object("type", "turn_start"));
    if (ended) {
      before.end();
      await().atMost(LIMIT).until(() -> listedSessions().isEmpty());
    }
    BareSession session = BareSession.register(this, before.id);
    session.sendStored(BareSession.snapshot(new JSONArray().put("again")));
    session.sendStored(Json.object("type", "turn_start"));
    session.sendStored(Json.object("type", "turn_end"));

    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit(
        "switch_session", Json.object("sessionId", session.id, "generation", 1, "lastSeq", 2));
    assertThat(viewer.await("connected").payload().getLong("lastSeq")).isEqualTo(3);
    viewer.emit("connected", new JSONObject());
    // number 2 was another event when this viewer saw it, so number 3 alone would leave a hole
    assertThat(session.worker.await("connected").text("recoveryNonce")).isNotBlank();
    session.sendStored(BareSession.snapshot(new JSONArray().put("again")));
    assertThat(envelope(viewer, "session_active").getLong("seq")).isEqualTo(4);
    assertThat(envelopes(viewer)).hasSize(1);
  }

  @Test
  void whoComesBackIntoAFloodGetsEachEventOnceAndInOrder() {
    BareSession session = sessionWith("first");
    List<RelaySocket> viewers = new ArrayList<>();
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Long> flood = CompletableFuture.supplyAsync(() -> flood(session, enough));
    for (int each = 0; each < RETURNS; each++) {
      RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
      viewer.emit(
          "switch_session", Json.object("sessionId", session.id, "generation", 1, "lastSeq", 1));
      viewer.await("event");
      viewers.add(viewer);
    }
    enough.set(true);
    long last = flood.join();
    for (RelaySocket viewer : viewers) {
      viewer
          .inbox()
          .await(
              received -> received.is("event") && received.payload().getLong("seq") == last, LIMIT);
      assertThat(envelopes(viewer))
          .extracting(each -> each.getLong("seq"))
          .isEqualTo(LongStream.rangeClosed(2, last).boxed().toList());
    }
  }

  /** Says one thing after the other, and no more than the ring keeps; answers its last number. */
  private static long flood(BareSession session, AtomicBoolean enough) {
    long said = 0;
    while (said < 900 && !enough.get()) {
      said++;
      session.sendStored(Json.object("type", "ui_notify", "message", "flood"));
    }
    return said + 1;
  }

  private BareSession sessionWith(String message) {
    BareSession session = BareSession.register(this, UUID.randomUUID().toString());
    session.sendStored(BareSession.snapshot(new JSONArray().put(message)));
    return session;
  }
}
