package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.OwnStores;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

/** A store that cannot be reached is never "no sessions". */
@QuarkusTest
@QuarkusTestResource(
    value = StoresTestResource.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka"),
    restrictToAnnotatedClass = true)
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "redis,postgres"),
    restrictToAnnotatedClass = true)
@QuarkusTestResource(value = IdentityTestResource.class, restrictToAnnotatedClass = true)
class StoresAwayTest {
  @Test
  void aStoreThatIsAwayIsAnswered503() {
    caller().get("/api/sessions").then().statusCode(200);

    OwnStores.kill("redis");
    expectUnavailable(caller().get("/api/sessions"));
    caller().get("/api/sessions/pinned").then().statusCode(200);

    OwnStores.kill("postgres");
    expectUnavailable(caller().get("/api/sessions/pinned"));
    expectUnavailable(caller().put("/api/sessions/any/pin"));
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"))
        .body("error", notNullValue());
  }

  private static RequestSpecification caller() {
    return given().header("x-api-key", TestingIdentities.apiKey(TestSession.newUser()));
  }
}
