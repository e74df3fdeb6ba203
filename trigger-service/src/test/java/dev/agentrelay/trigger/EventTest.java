package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** The calls of CLI 0.52 (rest.md 7.7), in the form in which it makes them. */
@QuarkusTest
class EventTest extends TriggerServiceTest {

  @Test
  void aScheduleFiresOnceHoweverOftenItIsPublished() {
    String fire = scheduled(session, "os:sub-1:1");
    String event =
        publish(fire)
            .statusCode(200)
            .body("ok", equalTo(true))
            .body("created", equalTo(true))
            .body("eventId", matchesPattern("evt_[0-9a-f]{16}"))
            .body("deliveries", hasSize(1))
            .body("deliveries[0].deliveryId", matchesPattern("dlv_[0-9a-f]{16}"))
            .body("deliveries[0].sessionId", equalTo(session.value()))
            .body("deliveries[0].state", equalTo("delivered"))
            .extract()
            .path("eventId");

    publish(fire)
        .statusCode(200)
        .body("created", equalTo(false))
        .body("eventId", equalTo(event))
        .body("deliveries[0].state", equalTo("delivered"));

    assertThat(gateway.all("delivertrigger", session.value())).hasSize(1);
    JSONObject trigger = gateway.await("delivertrigger", session.value(), SOON).trigger();
    assertThat(trigger.optString("triggerId")).startsWith("dlv_");
    assertThat(trigger.optString("sourceSessionId")).isEqualTo("external:time");
    assertThat(trigger.optString("deliverAs")).isEqualTo("followUp");
    as(newUser()).body(fire).post("/api/events").then().statusCode(404);
  }

  @Test
  void aFireThatDidNotReachItsSessionIsTriedAgain() {
    AtomicInteger heard = new AtomicInteger();
    List<Optional<Outcome>> script =
        List.of(
            Optional.of(Outcome.WAKING),
            Optional.of(Outcome.ABSENT),
            Optional.empty(),
            Optional.of(Outcome.ACKNOWLEDGED));
    gateway.script(session.value(), command -> script.get(heard.getAndIncrement()));
    String fire = scheduled(session, "os:sub-2:1");

    publish(fire).statusCode(503).body("waking", equalTo(true));
    publish(fire).statusCode(503);
    publish(fire).statusCode(503);
    publish(fire).statusCode(200).body("created", equalTo(false));

    List<ReceivedCommand> sent = gateway.all("delivertrigger", session.value());
    assertThat(sent).hasSize(4);
    assertThat(sent.stream().map(each -> each.trigger().optString("triggerId")).distinct())
        .hasSize(1);
    assertThat(sent.get(3).commandId())
        .as("of unknown outcome, so it is the same command")
        .isEqualTo(sent.get(2).commandId());
    assertThat(sent.get(1).commandId()).isNotEqualTo(sent.get(0).commandId());
    asUser()
        .get("/api/sessions/" + session + "/triggers?state=all")
        .then()
        .body("triggers", hasSize(1));
  }

  @Test
  void aSessionThatIsGoneIs404() {
    publish(scheduled(new SessionId(UUID.randomUUID().toString()), "os:sub-3:1"))
        .statusCode(404)
        .body("error", equalTo("Session not found or not connected"));
    publish(scheduled(new SessionId("runner-listener:listener:x:y:1:z"), "os:sub-4:1"))
        .statusCode(404)
        .body("error", equalTo("Listener not found"));
  }

  @Test
  void whatIsNoEventIsRefused() {
    publish("{").statusCode(400).body("error", equalTo("Invalid JSON body"));
    publish("{\"payload\":{}}").statusCode(400);
    publish("{\"type\":\"a\\u0000\",\"payload\":{}}").statusCode(400);
    publish("{\"type\":\"a:b\"}").statusCode(400);
    publish("{\"type\":\"a:b\",\"payload\":{},\"target\":{}}").statusCode(400);
    publish("{\"type\":\"a:b\",\"payload\":{},\"fireId\":\"a\\u0000\"}").statusCode(400);
    publish("{\"type\":\"a:b\",\"payload\":{}}").statusCode(200).body("deliveries", hasSize(0));
  }

  @Test
  void anEventWithoutATargetReachesItsRoutes() {
    SessionId other = liveSession(user, runner, "/home/dev/project");
    String route = routed(session, "[{\"field\":\"repo\",\"value\":\"relay\"}]");
    routed(other, "[{\"field\":\"repo\",\"value\":\"else\"}]");
    String listener =
        asUser()
            .body("{\"triggerType\":\"ci:done\"}")
            .post("/api/runners/" + runner + "/trigger-listeners")
            .then()
            .extract()
            .path("listenerId");

    publish("{\"type\":\"ci:done\",\"payload\":{\"repo\":\"relay\"},\"idempotencyKey\":\"k\"}")
        .statusCode(200)
        .body("deliveries", hasSize(2))
        .body("deliveries[0].sessionId", equalTo(session.value()))
        .body("deliveries[0].deliverAs", equalTo("followUp"))
        .body("deliveries[1].routeId", equalTo(listener))
        .body("deliveries[1].state", equalTo("delivered"));

    assertThat(gateway.all("delivertrigger", other.value())).isEmpty();
    asUser()
        .get("/api/routes")
        .then()
        .statusCode(200)
        .body("routes", hasSize(3))
        .body("routes[0].routeId", equalTo(route))
        .body("routes[0].eventType", equalTo("ci:done"))
        .body("routes[0].target.kind", equalTo("session"))
        .body("routes[0].target.sessionId", equalTo(session.value()))
        .body("routes[2].target.kind", equalTo("spawn"));
    as(newUser()).get("/api/routes").then().body("routes", hasSize(0));
  }

  @Test
  void anEventReachesOnlyTheFoldersThatItsTypeIsFor() {
    SessionId inMode = liveSession(user, runner, "/home/dev/project/docs");
    asUser().body(route(inMode, "docs:saved")).post("/api/routes").then().statusCode(200);
    String saved = "{\"type\":\"docs:saved\",\"payload\":{}}";
    publish(saved).body("deliveries.sessionId", equalTo(List.of(inMode.value())));

    announce(runner, user, SERVICES.replace("/home/dev/project/docs/", "/elsewhere"));
    publish(saved).statusCode(200).body("deliveries", hasSize(0));
  }

  @Test
  void aRouteIsChangedInPartGivenAwayAndRemoved() {
    String route =
        asUser()
            .body(
                route(session, "time:cron").replace("}}", "},\"params\":{\"cron\":\"* * * * *\"}}"))
            .post("/api/routes")
            .then()
            .statusCode(200)
            .extract()
            .path("route.routeId");
    SessionId replacement = new SessionId(UUID.randomUUID().toString());

    change(route, "{\"target\":{\"kind\":\"session\",\"sessionId\":\"" + replacement + "\"}}")
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("route.target.sessionId", equalTo(replacement.value()))
        .body("route.params.cron", equalTo("* * * * *"));
    change(route, "{\"params\":{\"cron\":\"nonsense\"}}")
        .statusCode(400)
        .body("error", equalTo("Invalid cron expression"));
    SessionId foreign = liveSession(newUser(), runner, "/home/dev/project");
    change(route, "{\"target\":{\"kind\":\"session\",\"sessionId\":\"" + foreign + "\"}}")
        .statusCode(404);
    as(newUser()).delete("/api/routes/" + route).then().statusCode(404);
    asUser().delete("/api/routes/" + route.replace(":", "%3A")).then().statusCode(200);
    asUser().delete("/api/routes/" + route).then().statusCode(404);
    asUser().get("/api/routes").then().body("routes.routeId", not(hasItem(route)));
  }

  @Test
  void aRouteIsCheckedAsASubscriptionIs() {
    asUser()
        .body(route(session, "no:such"))
        .post("/api/routes")
        .then()
        .statusCode(422)
        .body("error", equalTo("Trigger type 'no:such' is not available on this session's runner"));
    asUser().body("{\"eventType\":\"ci:done\"}").post("/api/routes").then().statusCode(400);
    as(newUser()).body(route(session, "ci:done")).post("/api/routes").then().statusCode(404);
  }

  private static String scheduled(SessionId target, String fireId) {
    return """
    {"type":"time:timer_fired","payload":{"duration":"1m"},"summary":"Timer","fireId":"%s",
     "target":{"sessionId":"%s","deliverAs":"followUp","wake":true},
     "source":{"kind":"scheduler","id":"time"}}
    """
        .formatted(fireId, target);
  }

  private ValidatableResponse publish(String body) {
    return asUser().body(body).post("/api/events").then();
  }

  private static String route(SessionId target, String type) {
    return """
    {"eventType":"%s","deliverAs":"followUp","origin":"agent",
     "target":{"kind":"session","sessionId":"%s"}}
    """
        .formatted(type, target)
        .strip();
  }

  private String routed(SessionId target, String filters) {
    return asUser()
        .body(route(target, "ci:done").replace("}}", "},\"filters\":" + filters + "}"))
        .post("/api/routes")
        .then()
        .statusCode(200)
        .body("route.deliverAs", equalTo("followUp"))
        .extract()
        .path("route.routeId");
  }

  private ValidatableResponse change(String route, String body) {
    return asUser().body(body).put("/api/routes/" + route).then();
  }
}
