package dev.agentrelay.auth.console;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.DecoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@RealStores
class ConsolePagesTest {

  @ParameterizedTest
  @ValueSource(strings = {"/", "/session/s1", "/console/"})
  void theFirstPageIsAtTheRootAndAtTheAddressesOfSessions(String path) {
    given()
        .get(path)
        .then()
        .statusCode(200)
        .body(containsString("/console/main.js"))
        .body(not(containsString("style=")))
        .header("Content-Type", "text/html;charset=utf-8")
        .header("X-Frame-Options", "DENY");
  }

  @Test
  void theFolderWithoutItsSlashLeadsToTheFolder() {
    given()
        .redirects()
        .follow(false)
        .get("/console")
        .then()
        .statusCode(308)
        .header("Location", "/console/");
  }

  @Test
  void nothingInlineMayRun() {
    given()
        .get("/console/")
        .then()
        .header("Content-Security-Policy", containsString("script-src 'self';"))
        .header("Content-Security-Policy", containsString("style-src 'self';"))
        .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
        .header("Content-Security-Policy", not(containsString("unsafe")));
  }

  @Test
  void filesAreZippedAndAskedForOnce() {
    Response zipped =
        given()
            .config(
                RestAssuredConfig.config()
                    .decoderConfig(DecoderConfig.decoderConfig().noContentDecoders()))
            .header("Accept-Encoding", "gzip")
            .get("/console/main.js");
    zipped
        .then()
        .statusCode(200)
        .header("Content-Encoding", "gzip")
        .header("Cache-Control", "no-cache");
    given()
        .header("If-None-Match", zipped.header("ETag"))
        .get("/console/main.js")
        .then()
        .statusCode(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/console/none.js", "/console/..%2fx.js", "/console/a/b.js", "/elsewhere"})
  void whatIsNoFileOfItsIs404(String path) {
    given().urlEncodingEnabled(false).get(path).then().statusCode(404);
  }
}
