package dev.agentrelay.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.local.suite.Replica;
import dev.agentrelay.local.suite.Service;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.junit.jupiter.api.Test;

/** A credential that has ended is good at no replica of any service a second later. */
class RevocationIT extends SuiteTest {
  private static final Duration BAR = Duration.ofSeconds(1);

  private final RelayClient browser =
      new RelayClient(ClientOptions.of(suite.edge()).withOrigin(suite.edge().toString()))
          .signIn(me.email(), me.password());

  /** A small read of each service, for whoever is known. */
  private static String read(Service service) {
    return switch (service) {
      case AUTH -> "/api/me";
      case GATEWAY -> "/api/runners";
      case SESSION -> "/api/sessions";
      case TRIGGER -> "/api/sessions/unknown/triggers";
      case WEBHOOK -> "/api/webhooks";
      case PUSH -> "/api/push/subscriptions";
      case TUNNEL -> "/api/tunnel/unknown/5173/";
    };
  }

  private static boolean isGood(Replica replica, ClientOptions caller) {
    ClientOptions there =
        new ClientOptions(
            URI.create("http://" + replica.address()),
            caller.apiKey(),
            caller.cookie(),
            null,
            caller.transports(),
            caller.reconnectDelay(),
            caller.limit());
    return new RelayClient(there).exchange("GET", read(replica.service()), null).statusCode()
        != 401;
  }

  private void isGoodEverywhere(ClientOptions caller) {
    assertThat(suite.replicas()).hasSize(14).allMatch(replica -> isGood(replica, caller));
  }

  private void endsEverywhere(ClientOptions caller, Runnable end) {
    isGoodEverywhere(caller);
    end.run();
    Instant ended = Instant.now();
    List<Replica> left = new ArrayList<>(suite.replicas());
    while (!left.isEmpty() && Instant.now().isBefore(ended.plus(LIMIT))) {
      left.removeIf(replica -> !isGood(replica, caller));
    }
    assertThat(left).isEmpty();
    assertThat(Duration.between(ended, Instant.now())).isLessThan(BAR);
  }

  @Test
  void aDeletedKeyOpensNothing() {
    JSONArray keys = Json.parseArray(browser.send("GET", "/api/auth/api-key/list", null).body());
    String id = keys.getJSONObject(0).getString("id");
    endsEverywhere(
        me.at(suite.edge()),
        () -> browser.send("POST", "/api/auth/api-key/delete", Json.object("keyId", id)));
  }

  @Test
  void aDisabledKeyOpensNothing() {
    JSONArray keys = Json.parseArray(browser.send("GET", "/api/auth/api-key/list", null).body());
    String id = keys.getJSONObject(0).getString("id");
    endsEverywhere(
        me.at(suite.edge()),
        () ->
            browser.send(
                "POST", "/api/auth/api-key/update", Json.object("keyId", id, "enabled", false)));
  }

  @Test
  void aKeyEndsWhenItsOwnerRegistersAnotherMachine() {
    endsEverywhere(
        me.at(suite.edge()),
        () ->
            new RelayClient(ClientOptions.of(suite.edge()))
                .register(me.name(), me.email(), me.password()));
  }

  @Test
  void aSessionEndsWhenItsOwnerSignsOut() {
    endsEverywhere(
        browser.options(), () -> browser.send("POST", "/api/auth/sign-out", Json.object()));
  }

  @Test
  void otherSessionsEndWithTheOldPassword() {
    RelayClient other =
        new RelayClient(ClientOptions.of(suite.edge()).withOrigin(suite.edge().toString()))
            .signIn(me.email(), me.password());
    endsEverywhere(
        other.options(),
        () ->
            browser.send(
                "POST",
                "/api/auth/change-password",
                Json.object(
                    "currentPassword",
                    me.password(),
                    "newPassword",
                    "Better-Horse-2",
                    "revokeOtherSessions",
                    true)));
  }
}
