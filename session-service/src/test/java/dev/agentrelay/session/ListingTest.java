package dev.agentrelay.session;

import static io.restassured.RestAssured.given;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;

/** Somebody who lists sessions over HTTP. */
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
abstract class ListingTest {
  @Inject Redis redis;
  @Inject SessionIndex index;

  final Instant now = TestSession.now();
  final UserId user = TestSession.newUser();

  TestingLiveState live() {
    return new TestingLiveState(redis);
  }

  JsonPath list(String query) {
    return as(user).get("/api/sessions?" + query).then().statusCode(200).extract().jsonPath();
  }

  static List<String> ids(JsonPath answer) {
    return answer.getList("persistedSessions.sessionId");
  }

  static RequestSpecification as(UserId caller) {
    return given().header("x-api-key", TestingIdentities.apiKey(caller));
  }
}
