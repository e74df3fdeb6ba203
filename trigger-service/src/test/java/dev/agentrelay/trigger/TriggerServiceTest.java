package dev.agentrelay.trigger;

import static io.restassured.RestAssured.given;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.gateway.ScriptedGateway;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.restassured.specification.RequestSpecification;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A user with a runner and sessions in the live state, and a gateway that follows a script. */
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TriggerServiceTest {
  static final Duration SOON = Duration.ofSeconds(20);
  static final String SERVICES =
      """
      {"triggerDefs":[
        {"type":"ci:done","label":"CI","schema":{"type":"object",
          "properties":{"repo":{},"status":{}}},
         "params":[{"name":"depth","label":"Depth","type":"number"},
           {"name":"tags","label":"Tags","type":"string","enum":["a","b"],"multiselect":true},
           {"name":"loud","label":"Loud","type":"boolean"},
           {"name":"level","label":"Level","type":"string","enum":["low","high"]}]},
        {"type":"ci:needs","label":"Needs","params":[
           {"name":"repo","label":"Repo","type":"string","required":true},
           {"name":"count","label":"Count","type":"number","required":true}]},
        {"type":"docs:saved","label":"Saved","modes":["docs"]},
        {"type":"time:timer_fired","label":"Timer","params":[
           {"name":"duration","label":"Duration","type":"string","required":true}]},
        {"type":"time:cron","label":"Cron"},{"type":"time:at","label":"At"}],
       "sessionModes":[{"id":"docs","workspace":"/home/dev/project/docs/"}]}
      """;

  @Inject Redis redis;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  ScriptedGateway gateway;

  UserId user;
  RunnerId runner;
  SessionId session;

  @BeforeAll
  void startGateway() {
    gateway = ScriptedGateway.start(kafka);
  }

  @AfterAll
  void stopGateway() {
    gateway.close();
  }

  @BeforeEach
  void aUserWithARunnerAndASession() {
    user = newUser();
    runner = new RunnerId("runner-" + UUID.randomUUID());
    announce(runner, user, SERVICES);
    session = liveSession(user, runner, "/home/dev/project/code");
  }

  static UserId newUser() {
    return new UserId("user-" + UUID.randomUUID());
  }

  RequestSpecification asUser() {
    return as(user);
  }

  static RequestSpecification as(UserId caller) {
    return given()
        .urlEncodingEnabled(false)
        .contentType("application/json")
        .header("x-api-key", TestingIdentities.apiKey(caller));
  }

  /** Writes a runner's record as the gateway does. */
  void announce(RunnerId id, UserId owner, @Nullable String services) {
    Request record =
        Request.cmd(Command.HSET)
            .arg(LiveKeys.runner(id))
            .arg(RunnerField.USER_ID.key())
            .arg(owner.value())
            .arg(RunnerField.NAME.key())
            .arg("box")
            .arg(RunnerField.REPLICA.key())
            .arg("gateway-1")
            .arg(RunnerField.INFO.key())
            .arg("{}");
    if (services != null) {
      record.arg(RunnerField.ANNOUNCE.key()).arg(services);
    }
    run(record);
  }

  /** Writes a session's record as the gateway does. */
  SessionId liveSession(UserId owner, @Nullable RunnerId on, String cwd) {
    SessionId id = new SessionId(UUID.randomUUID().toString());
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.session(id));
    Map.of(
            SessionField.USER_ID,
            owner.value(),
            SessionField.CWD,
            cwd,
            SessionField.NAME,
            "a name",
            SessionField.REPLICA,
            "gateway-1")
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    if (on != null) {
      record.arg(SessionField.RUNNER_ID.key()).arg(on.value());
    }
    run(record);
    run(Request.cmd(Command.SADD).arg(LiveKeys.userSessions(owner)).arg(id.value()));
    return id;
  }

  void forgetLive(SessionId id) {
    run(Request.cmd(Command.DEL).arg(LiveKeys.session(id)));
  }

  void forgetLive(RunnerId id) {
    run(Request.cmd(Command.DEL).arg(LiveKeys.runner(id)));
  }

  private void run(Request request) {
    redis.send(request).toCompletionStage().toCompletableFuture().join();
  }
}
