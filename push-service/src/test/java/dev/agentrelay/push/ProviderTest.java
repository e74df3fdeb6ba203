package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.testkit.push.BrowserKeys;
import dev.agentrelay.testkit.stores.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers do to notifications, and what becomes of those. */
@QuarkusTest
class ProviderTest extends PushTest {
  /** The body of an answer without an end. */
  private interface Endless {
    void send() throws IOException;
  }

  private final String path = "browser-" + UUID.randomUUID();

  @AfterEach
  void endWhatStillWaits() {
    unsubscribeAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void aBrowserThatIsGoneIsForgotten(int status) {
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(status, "", ""));
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("rejected");
    assertThat(outcomes.getInt("outcomes[0].providerStatus")).isEqualTo(status);
    assertThat(subscriptions()).isZero();
  }

  @Test
  void aRefusalIsFinalAndKeepsTheBrowser() {
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(403, "", ""));
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("rejected");
    assertThat(subscriptions()).isEqualTo(1);
  }

  @Test
  void aRedirectIsNotFollowed() {
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(302, "Location", provider.endpoint("elsewhere")));
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getInt("outcomes[0].providerStatus")).isEqualTo(302);
    assertThat(provider.inbox().all()).noneMatch(posted -> posted.path().equals("/elsewhere"));
  }

  @Test
  void aBusyProviderIsAskedAgainWhenItWants() {
    subscribe(path, "*");
    AtomicInteger calls = new AtomicInteger();
    provider.script(
        path,
        reply -> {
          if (calls.getAndIncrement() == 0) {
            reply.send(429, "Retry-After", "1");
          } else {
            reply.send(201, "", "");
          }
        });
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("sent");
    assertThat(outcomes.getInt("outcomes[0].attempts")).isEqualTo(2);
  }

  @Test
  void aProviderThatWantsToBeAskedAgainAtOnceKeepsNobodyBusy() {
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(503, "Retry-After", "0"));
    long begin = System.nanoTime();
    say(new AgentNotice.Finished(about(null), null));
    await().atMost(LIMIT).until(() -> outcomes("pending") == 1 && attempts() >= 3);
    // a second at least before the second time, and two before the third
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(3));
    assertThat(attempts()).isLessThan(6);
  }

  @Test
  void aProviderThatHangsOrFloodsDelaysNobody() {
    subscribe(path + "-hangs", "*");
    subscribe(path + "-floods", "*");
    BrowserKeys browser = subscribe(path, "*");
    provider.script(path + "-hangs", reply -> reply.hang());
    provider.script(path + "-floods", reply -> reply.flood());
    say(new AgentNotice.Finished(about(null), "All green."));
    assertThat(new JSONObject(awaitPosted(0, path).decrypt(browser)).getString("body"))
        .isEqualTo("All green.");
    await()
        .atMost(LIMIT)
        .until(
            () ->
                outcomes().getList("outcomes.outcome").stream().filter("sent"::equals).count()
                    == 2);
    assertThat(outcomes().getList("outcomes.outcome")).contains("pending");
  }

  @Test
  void aProviderWithoutAFreePlaceDelaysNobody() {
    int waiting = PushTestResource.PLACES + 3;
    for (int number = 0; number < waiting; number++) {
      subscribeAt(otherProvider.endpoint(path + number), BrowserKeys.generate());
      otherProvider.script(path + number, reply -> reply.hang());
    }
    subscribe(path, "*");
    say(new AgentNotice.Finished(about(null), "All green."));
    await().atMost(LIMIT).until(() -> outcomes("sent") == 1);
    assertThat(outcomes("pending")).isEqualTo(waiting);
  }

  @Test
  void moreThanAProviderHasPlacesForGoOneAfterTheOther() {
    int all = 3 * PushTestResource.PLACES;
    for (int number = 0; number < all; number++) {
      subscribe(path + number, "*");
    }
    say(new AgentNotice.Finished(about(null), "All green."));
    await().atMost(LIMIT).until(() -> outcomes("sent") == all);
  }

  @Test
  void aBodyThatNeverEndsIsCutOff() {
    subscribe(path + "-floods", "*");
    subscribe(path + "-drips", "*");
    CompletableFuture<Void> floodIsCut = new CompletableFuture<>();
    CompletableFuture<Void> dripIsCut = new CompletableFuture<>();
    provider.script(path + "-floods", reply -> untilCut(reply::flood, floodIsCut));
    provider.script(path + "-drips", reply -> untilCut(reply::drip, dripIsCut));
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(2).getList("outcomes.outcome")).containsOnly("sent");
    assertThat(floodIsCut).succeedsWithin(LIMIT);
    assertThat(dripIsCut).succeedsWithin(LIMIT);
  }

  @Test
  void aProviderWhereNobodyListensIsTriedAgain() {
    subscribeAt("https://localhost:" + FreePorts.next() + "/" + path, BrowserKeys.generate());
    say(new AgentNotice.Finished(about(null), null));
    await().atMost(LIMIT).until(() -> outcomes("pending") == 1 && attempts() > 1);
    assertThat(outcomes().getString("outcomes[0].reason"))
        .isEqualTo("the provider was not reached");
    assertThat(subscriptions()).isEqualTo(1);
  }

  @Test
  void keysThatNobodyCanReadEndTheSubscriptionThoughNothingIsSent() {
    subscribeAt(provider.endpoint(path), "BAAA", "short");
    caller()
        .body(Map.of("endpoint", provider.endpoint(path), "enabledEvents", "agent_error"))
        .put("/api/push/events")
        .then()
        .statusCode(200);
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("failed");
    assertThat(subscriptions()).isZero();
  }

  @ParameterizedTest
  @MethodSource("unreadableKeys")
  void keysThatNobodyCanReadEndTheSubscription(String p256dh, String auth) {
    subscribeAt(provider.endpoint(path), p256dh, auth);
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("failed");
    assertThat(outcomes.getString("outcomes[0].reason"))
        .isEqualTo("the subscription's keys cannot be read");
    assertThat(subscriptions()).isZero();
  }

  static String[][] unreadableKeys() {
    BrowserKeys good = BrowserKeys.generate();
    byte[] offTheCurve = Base64.getUrlDecoder().decode(good.p256dh());
    offTheCurve[64] ^= 1;
    byte[] infinity = {0};
    return new String[][] {
      {"BAAA", "short"},
      {good.p256dh(), "short"},
      {"no base64!", good.auth()},
      {text(offTheCurve), good.auth()},
      {text(infinity), good.auth()},
      {"x".repeat(512), good.auth()},
      {good.p256dh(), text(new byte[15])}
    };
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static void untilCut(Endless body, CompletableFuture<Void> cut) {
    try {
      body.send();
    } catch (IOException cutOff) {
      cut.complete(null);
    }
  }

  private int attempts() {
    return outcomes().getInt("outcomes[0].attempts");
  }

  private int subscriptions() {
    return caller().get("/api/push/subscriptions").jsonPath().getList("subscriptions").size();
  }
}
