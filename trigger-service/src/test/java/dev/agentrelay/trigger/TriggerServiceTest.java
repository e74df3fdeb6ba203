package dev.agentrelay.trigger;

import static io.restassured.RestAssured.given;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.gateway.ScriptedGateway;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.restassured.specification.RequestSpecification;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.time.Duration;
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

  void announce(RunnerId id, UserId owner, @Nullable String services) {
    records().announce(id, owner, services);
  }

  SessionId liveSession(UserId owner, @Nullable RunnerId on, String cwd) {
    return records().session(owner, on, cwd);
  }

  void forgetLive(SessionId id) {
    records().forget(id);
  }

  void forgetLive(RunnerId id) {
    records().forget(id);
  }

  private LiveRecords records() {
    return new LiveRecords(redis);
  }
}
