package dev.agentrelay.auth.audit;

import static dev.agentrelay.auth.TestingClient.ORIGIN;
import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.auth.RealStores;
import io.quarkus.panache.common.Sort;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class AuditTest {
  @Inject AuditTrail trail;

  private final String email = freshEmail();
  private final String address = freshAddress();

  private RequestSpecification call() {
    return given()
        .header("x-forwarded-for", address)
        .header("origin", ORIGIN)
        .header("user-agent", "Browser\t1")
        .contentType("application/json");
  }

  private Response signIn(String who, String password) {
    return call().body(Map.of("email", who, "password", password)).post("/api/auth/sign-in/email");
  }

  @Transactional
  List<AuditRecord> written() {
    return trail.list("address = ?1", Sort.by("id"), address);
  }

  @Test
  void remembersWhatWasDoneFromWhereAndNoSecret() {
    String cookie =
        cookiePair(
            call()
                .body(Map.of("email", email, "password", PASSWORD, "name", "Ada"))
                .post("/api/auth/sign-up/email"));
    signIn(email, PASSWORD).then().statusCode(200);
    signIn(email, "Wrong-Passw0rd").then().statusCode(401);
    String stranger = freshEmail();
    signIn(stranger, "Wrong-Passw0rd").then().statusCode(401);
    Response key = call().header("cookie", cookie).body(Map.of()).post("/api/auth/api-key/create");
    call()
        .header("cookie", cookie)
        .body(Map.of("keyId", key.<String>path("id")))
        .post("/api/auth/api-key/delete")
        .then()
        .statusCode(200);
    call()
        .header("cookie", cookie)
        .body(Map.of("currentPassword", PASSWORD, "newPassword", "An0ther-Passw0rd"))
        .post("/api/auth/change-password")
        .then()
        .statusCode(200);

    List<AuditRecord> written = written();
    assertThat(written)
        .extracting(record -> record.action)
        .containsExactly(
            AuditAction.SIGNED_UP,
            AuditAction.SIGNED_IN,
            AuditAction.SIGN_IN_REFUSED,
            AuditAction.SIGN_IN_REFUSED,
            AuditAction.KEY_MADE,
            AuditAction.KEY_DELETED,
            AuditAction.PASSWORD_CHANGED);
    assertThat(written).allSatisfy(record -> assertThat(record.userAgent).startsWith("Browser"));
    assertThat(written.get(3).accountId).isNull();
    assertThat(written.get(3).subject).isEqualTo(stranger);
    assertThat(written.get(4).subject).isEqualTo(key.<String>path("id"));
    assertThat(written)
        .allSatisfy(
            record ->
                assertThat(record.subject + record.userAgent)
                    .doesNotContain(PASSWORD, "Wrong-Passw0rd", key.<String>path("key")));
  }

  @Test
  void remembersWhatWasRefusedAndWhatWasChanged() {
    String key = register();
    Response made = call().header("x-api-key", key).body(Map.of()).post("/api/auth/api-key/create");
    call()
        .header("x-api-key", key)
        .body(Map.of("keyId", made.<String>path("id"), "enabled", false))
        .post("/api/auth/api-key/update")
        .then()
        .statusCode(200);
    call()
        .body(Map.of("email", email, "password", "Wrong-Passw0rd"))
        .post("/api/register")
        .then()
        .statusCode(401);
    call()
        .header("cookie", cookiePair(signIn(email, PASSWORD)))
        .body(Map.of("currentPassword", "Wrong-Passw0rd", "newPassword", "An0ther-Passw0rd"))
        .post("/api/auth/change-password")
        .then()
        .statusCode(400);

    List<AuditRecord> written = written();
    assertThat(written)
        .extracting(record -> record.action)
        .containsExactly(
            AuditAction.SIGNED_UP,
            AuditAction.KEY_MADE,
            AuditAction.KEY_MADE,
            AuditAction.KEY_CHANGED,
            AuditAction.SIGN_IN_REFUSED,
            AuditAction.SIGNED_IN,
            AuditAction.PASSWORD_CHANGE_REFUSED);
    assertThat(written.get(3).subject).isEqualTo(made.<String>path("id"));
    assertThat(written).extracting(record -> record.accountId).doesNotContainNull();
  }

  @Test
  void remembersKeysOfMachinesAndDevices() {
    String first = register();
    String second = register();
    assertThat(second).isNotEqualTo(first);
    String claim = call().body(Map.of("relayUrl", ORIGIN)).post("/api/setup-claim").path("token");
    call()
        .header("x-api-key", second)
        .post("/api/setup-claim/" + claim + "/approve")
        .then()
        .statusCode(200);

    List<AuditRecord> written = written();
    assertThat(written)
        .extracting(record -> record.action)
        .containsExactly(
            AuditAction.SIGNED_UP,
            AuditAction.KEY_MADE,
            AuditAction.KEY_DELETED,
            AuditAction.KEY_MADE,
            AuditAction.KEY_MADE);
    assertThat(written.get(2).subject).isEqualTo(written.get(1).subject);
    assertThat(written).extracting(record -> record.accountId).doesNotContainNull();
  }

  private String register() {
    return call()
        .body(Map.of("email", email, "password", PASSWORD, "name", "Ada"))
        .post("/api/register")
        .path("key");
  }

  @Test
  void eachIsOneLineOfJsonInTheLogWhateverWasSent() throws JsonProcessingException {
    Logger log = Logger.getLogger("dev.agentrelay.audit");
    Lines lines = new Lines();
    log.addHandler(lines);
    try {
      given()
          .header("x-forwarded-for", address)
          .header("user-agent", "\"},\t{\"audit\":\"SIGNED_IN\"")
          .contentType("application/json")
          .body(Map.of("email", email, "password", "Wrong-Passw0rd"))
          .post("/api/auth/sign-in/email")
          .then()
          .statusCode(401);
    } finally {
      log.removeHandler(lines);
    }
    String line =
        lines.seen.stream().filter(text -> text.contains(address)).findFirst().orElseThrow();
    assertThat(new ObjectMapper().readTree(line).path("audit").asText())
        .isEqualTo("SIGN_IN_REFUSED");
    assertThat(line)
        .contains("\"subject\":\"" + email + "\"", "\"userAgent\":")
        .doesNotContain("Wrong-Passw0rd", "\n");
  }

  /** Keeps each line. */
  private static final class Lines extends Handler {
    final Queue<String> seen = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord line) {
      seen.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
