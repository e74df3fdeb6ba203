package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import com.sun.net.httpserver.HttpServer;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Without auth-service those who are known go on, and nobody is told that a good key is bad. */
@QuarkusTest
@QuarkusTestResource(value = StoresTestResource.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = AttachmentFolder.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(
    value = AuthServiceAwayTest.OwnIdentities.class,
    restrictToAnnotatedClass = true)
class AuthServiceAwayTest {
  private static final String STOP = "auth-service-away-test.stop";

  /** An auth-service that goes away when it is told to. */
  public static final class OwnIdentities implements QuarkusTestResourceLifecycleManager {
    private @Nullable HttpServer control;

    @Override
    public Map<String, String> start() {
      TestingIdentities identities = TestingIdentities.start();
      try {
        HttpServer opened =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        opened.createContext(
            "/",
            exchange -> {
              identities.close();
              exchange.sendResponseHeaders(204, -1);
              exchange.close();
            });
        opened.start();
        control = opened;
        return Map.of(
            "relay.auth.url",
            identities.url(),
            STOP,
            "http://127.0.0.1:" + opened.getAddress().getPort());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void stop() {
      if (control != null) {
        control.stop(0);
      }
    }
  }

  private static Response list(UserId user) {
    return given().header("x-api-key", TestingIdentities.apiKey(user)).get("/api/sessions");
  }

  private static Response download(UserId user) {
    return given()
        .queryParam("apiKey", TestingIdentities.apiKey(user))
        .get("/api/attachments/unknown");
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", matchesPattern("[1-9]\\d*"))
        .body("code", equalTo("unavailable"));
  }

  @Test
  void whoIsKnownGoesOnAndOthersComeBackLater() {
    UserId known = TestSession.newUser();
    UserId other = TestSession.newUser();
    list(known).then().statusCode(200);

    given().post(ConfigProvider.getConfig().getValue(STOP, String.class)).then().statusCode(204);

    for (int i = 0; i < 3; i++) {
      list(known).then().statusCode(200);
      download(known).then().statusCode(404);
      expectUnavailable(list(other));
      expectUnavailable(download(other));
      expectUnavailable(
          given().header("Cookie", TestingIdentities.cookie(other)).get("/api/sessions"));
    }
    given().get("/api/sessions").then().statusCode(401);
  }
}
