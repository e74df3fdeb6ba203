package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Answers to deliveries, in the form in which CLI 0.52 gives them (rest.md 7.7). */
@QuarkusTest
class ResponseTest extends TriggerServiceTest {

  @Test
  void anAnswerGoesBackToTheChildThatAskedOnce() {
    SessionId child = liveSession(user, runner, "/home/dev/project");
    String delivery = asked(child);
    JSONObject trigger = gateway.await("delivertrigger", session.value(), SOON).trigger();
    assertThat(trigger.optString("sourceSessionId")).isEqualTo(child.value());
    assertThat(trigger.optBoolean("expectsResponse")).isTrue();

    String answer = "{\"response\":\"yes\",\"action\":\"approve\"}";
    as(newUser()).body(answer).post(response(delivery)).then().statusCode(404);
    asUser().body("{}").post(response(delivery)).then().statusCode(400);
    asUser()
        .body(answer)
        .post(response(delivery))
        .then()
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("relayed", equalTo(true));
    asUser().body(answer).post(response(delivery)).then().body("relayed", equalTo(false));

    List<ReceivedCommand> answers = gateway.all("answertrigger", child.value());
    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst().body().optString("triggerId")).startsWith("ask-" + child);
    assertThat(answers.getFirst().body().optString("text")).isEqualTo("yes");
    assertThat(answers.getFirst().body().optString("action")).isEqualTo("approve");
    asUser()
        .get("/api/sessions/" + session + "/triggers")
        .then()
        .body("triggers[0].triggerId", equalTo(delivery))
        .body("triggers[0].response.text", equalTo("yes"));
    asUser().body(answer).post(response("dlv_none")).then().statusCode(404);
  }

  @Test
  void anAnswerThatMayHaveArrivedIsRepeatedUnderItsIdAndOneThatDidNotUnderAnother() {
    SessionId child = liveSession(user, runner, "/home/dev/project");
    String path = response(asked(child));
    gateway.script(child.value(), command -> Optional.empty());
    answer(path, 503);
    gateway.script(child.value(), Outcome.DELIVERED);
    answer(path, 200);

    path = response(asked(child));
    gateway.script(child.value(), Outcome.ABSENT);
    answer(path, 503);
    gateway.script(child.value(), Outcome.DELIVERED);
    answer(path, 200);

    List<String> ids =
        gateway.all("answertrigger", child.value()).stream()
            .map(ReceivedCommand::commandId)
            .toList();
    assertThat(ids).hasSize(4);
    assertThat(ids.get(1)).isEqualTo(ids.get(0));
    assertThat(ids.get(3)).isNotEqualTo(ids.get(2));
  }

  private void answer(String path, int status) {
    asUser().body("{\"response\":\"yes\"}").post(path).then().statusCode(status);
  }

  private String asked(SessionId child) {
    return asUser()
        .body(
            """
            {"type":"lifecycle:ask_question","payload":{"question":"?"},"summary":"kid",
             "fireId":"ask-%1$s-%3$s","responseContract":{"escalate":true,"ttlMs":1800000},
             "target":{"sessionId":"%2$s","deliverAs":"steer"},
             "source":{"kind":"session","id":"%1$s","name":"kid"}}
            """
                .formatted(child, session, UUID.randomUUID()))
        .post("/api/events")
        .then()
        .statusCode(200)
        .extract()
        .path("deliveries[0].deliveryId");
  }

  private static String response(String delivery) {
    return "/api/deliveries/" + delivery + "/response";
  }
}
