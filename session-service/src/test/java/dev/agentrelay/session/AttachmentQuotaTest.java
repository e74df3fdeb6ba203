package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many bytes of attachments a user may have. */
@QuarkusTest
@TestProfile(AttachmentQuotaTest.Few.class)
class AttachmentQuotaTest extends AttachmentTest {
  /** A hundred bytes for each user. */
  public static final class Few implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("relay.quotas.attachment-bytes", "100");
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

  private HttpResponse<String> upload(int bytes) throws IOException, InterruptedException {
    return client.upload(
        session, new MultipartBody().file("file", "a", "text/plain", new byte[bytes]));
  }
}
