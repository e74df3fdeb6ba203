package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** A token that was good once. */
@QuarkusTest
@TestProfile(TightLimits.class)
class ExpiredTokenTest extends BucketTest {
  @Test
  void opensNothingAnyMore() throws Exception {
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);
    String path = "/api/attachments/" + id;
    String token =
        JsonPath.from(
                client
                    .sendForText(
                        client
                            .withKey(client.request(path + "/token"))
                            .POST(BodyPublishers.noBody()))
                    .body())
            .getString("token");

    HttpResponse<String> refused = client.sendForText(client.request(path + "?token=" + token));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("\"Invalid or expired token\"");
  }
}
