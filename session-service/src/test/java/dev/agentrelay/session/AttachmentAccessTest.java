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
    assertThat(
            stranger
                .sendForText(
                    stranger
                        .withKey(stranger.request(path + "/token"))
                        .POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(403);
  }
}
