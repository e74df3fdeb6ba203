package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many bytes an upload and a user may have, and for how long, is the operator's choice. */
@QuarkusTest
@TestProfile(AttachmentLimitsTest.Few.class)
class AttachmentLimitsTest extends AttachmentTest {
  /** A hundred bytes for each user, and short files with a short life. */
  public static final class Few implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "relay.quotas.attachment-bytes", "100",
          "relay.attachment.largest-file", "70",
          "relay.attachment.life", "60s");
    }
  }

  @Test
  void whatGoesBeyondIsRefusedWhole() throws Exception {
    assertThat(upload(60).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = upload(41);
    assertThat(refused.statusCode()).isEqualTo(429);
    JsonPath body = JsonPath.from(refused.body());
    assertThat(body.getString("error"))
        .isEqualTo("Your account may have at most 100 bytes of attachments");
    assertThat(body.getString("code")).isEqualTo("quota_exceeded");
    assertThat(upload(40).statusCode()).isEqualTo(200);
  }

  @Test
  void aFileHasTheSizeAndTheLifeThatTheOperatorGivesIt() throws Exception {
    HttpResponse<String> refused = upload(71);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(JsonPath.from(refused.body()).getString("error"))
        .isEqualTo("File too large: a exceeds 70 bytes");
    assertThat(
            Instant.parse(JsonPath.from(upload(70).body()).getString("attachments[0].expiresAt")))
        .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(61));
  }

  private HttpResponse<String> upload(int bytes) throws IOException, InterruptedException {
    return client.upload(
        session, new MultipartBody().file("file", "a", "text/plain", new byte[bytes]));
  }
}
