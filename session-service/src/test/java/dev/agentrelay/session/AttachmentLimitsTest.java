package dev.agentrelay.session;

import static dev.agentrelay.session.TightLimits.BYTES_OF_A_FILE;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How many bytes an upload and a user may have, and for how long, is the operator's choice. */
@QuarkusTest
@TestProfile(TightLimits.class)
class AttachmentLimitsTest extends BucketTest {
  @Test
  void whatGoesBeyondIsRefusedWhole() throws Exception {
    assertThat(upload(6_000_000).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = upload(4_000_001);
    assertThat(refused.statusCode()).isEqualTo(429);
    JsonPath body = JsonPath.from(refused.body());
    assertThat(body.getString("error"))
        .isEqualTo("Your account may have at most 10000000 bytes of attachments");
    assertThat(body.getString("code")).isEqualTo("quota_exceeded");
    assertThat(upload(4_000_000).statusCode()).isEqualTo(200);
  }

  @Test
  void aFileHasTheSizeAndTheLifeThatTheOperatorGivesIt() throws Exception {
    HttpResponse<String> refused = upload(BYTES_OF_A_FILE + 1);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(JsonPath.from(refused.body()).getString("error"))
        .isEqualTo("File too large: a exceeds 7000000 bytes");
    assertThat(
            Instant.parse(
                JsonPath.from(upload(BYTES_OF_A_FILE).body())
                    .getString("attachments[0].expiresAt")))
        .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(61));
  }

  private HttpResponse<String> upload(int bytes) throws IOException, InterruptedException {
    return client.upload(
        session, new MultipartBody().file("file", "a", "text/plain", new byte[bytes]));
  }
}
