package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may fetch an attachment: F2 and X27 of the REST contract. */
@QuarkusTest
class AttachmentAccessTest extends AttachmentTest {
  @Test
  void onlyTheOwnerFetchesAFileByAnyCredential() throws Exception {
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);
    String path = "/api/attachments/" + id;
    String key = TestingIdentities.apiKey(user);

    assertThat(status(client.request(path))).isEqualTo(401);
    assertThat(status(client.request(path + "?apiKey=" + key))).isEqualTo(200);
    assertThat(status(client.request(path + "?apiKey=&token="))).isEqualTo(401);
    assertThat(status(client.request(path).header("Cookie", TestingIdentities.cookie(user))))
        .isEqualTo(200);
    assertThat(status(client.request(path).header("Authorization", "Bearer " + key)))
        .isEqualTo(200);
    assertThat(
            status(
                client
                    .request(path + "?apiKey=wrong")
                    .header("Cookie", TestingIdentities.cookie(user))))
        .isEqualTo(401);
    HttpResponse<byte[]> foreign = stranger.send(stranger.download(id));
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.headers().firstValue("Cache-Control")).contains("private, no-store");
    HttpResponse<String> unknown = client.sendForText(client.download("unknown"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("\"Attachment not found\"");
  }

  @Test
  void aCredentialThatIsThereAndWrongIsFinal() throws Exception {
    String path = "/api/attachments/" + client.uploaded(session, "a.txt", "text/plain", HELLO);
    String cookie = TestingIdentities.cookie(user);

    HttpResponse<String> nobody = client.sendForText(client.request(path));
    assertThat(nobody.body()).isEqualTo("Missing API key (x-api-key header)");
    HttpResponse<String> wrongKey =
        client.sendForText(
            client
                .request(path + "?apiKey=" + TestingIdentities.apiKey(user))
                .header("x-api-key", "wrong")
                .header("Cookie", cookie));
    assertThat(wrongKey.body()).isEqualTo("Invalid or expired API key");
    for (HttpResponse<String> refused : List.of(nobody, wrongKey)) {
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("Cache-Control")).contains("private, no-store");
    }
    HttpResponse<String> wrongToken =
        client.sendForText(client.request(path + "?token=wrong").header("Cookie", cookie));
    assertThat(wrongToken.statusCode()).isEqualTo(401);
    assertThat(wrongToken.headers().firstValue("Cache-Control")).isEmpty();
  }

  private int status(HttpRequest.Builder request) throws Exception {
    return client.send(request).statusCode();
  }

  @Test
  void aTokenOpensOneAttachmentForAWhile() throws Exception {
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);
    String path = "/api/attachments/" + id;
    HttpResponse<String> minted =
        client.sendForText(
            client.withKey(client.request(path + "/token")).POST(BodyPublishers.noBody()));
    assertThat(minted.statusCode()).isEqualTo(200);
    String token = JsonPath.from(minted.body()).getString("token");
    assertThat(Instant.parse(JsonPath.from(minted.body()).getString("expiresAt")))
        .isBetween(Instant.now().plusSeconds(280), Instant.now().plusSeconds(301));
    JsonPath payload =
        JsonPath.from(
            new String(
                Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8));
    assertThat(payload.getInt("v")).isEqualTo(1);
    assertThat(payload.getString("userId")).isEqualTo(user.value());
    assertThat(payload.getString("attachmentId")).isEqualTo(id);

    HttpResponse<byte[]> answer = client.send(client.request(path + "?token=" + token));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).isEmpty();
    HttpResponse<String> mismatch =
        client.sendForText(client.request("/api/attachments/other?token=" + token));
    assertThat(mismatch.statusCode()).isEqualTo(403);
    assertThat(mismatch.body()).contains("\"Token/attachment mismatch\"");
    for (String bad : List.of("x", "a.b", token + "x", token + ".x", "." + token)) {
      HttpResponse<String> refused =
          client.sendForText(client.withKey(client.request(path + "?token=" + bad)));
      assertThat(refused.statusCode()).as(bad).isEqualTo(401);
      assertThat(refused.body()).contains("\"Invalid or expired token\"");
    }
  }

  @Test
  void onlyTheOwnerIsGivenAToken() throws Exception {
    String path = "/api/attachments/" + client.uploaded(session, "a.txt", "text/plain", HELLO);

    HttpResponse<String> foreign =
        mint(stranger, stranger.withKey(stranger.request(path + "/token")));
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(JsonPath.from(foreign.body()).getString("error")).isEqualTo("Forbidden");
    HttpResponse<String> unknown =
        mint(client, client.withKey(client.request("/api/attachments/unknown/token")));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(JsonPath.from(unknown.body()).getString("error")).isEqualTo("Attachment not found");
    assertThat(mint(client, client.request(path + "/token")).statusCode()).isEqualTo(401);
  }

  private static HttpResponse<String> mint(AttachmentClient caller, HttpRequest.Builder request)
      throws Exception {
    return caller.sendForText(request.POST(BodyPublishers.noBody()));
  }
}
