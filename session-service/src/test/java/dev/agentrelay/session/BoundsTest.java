package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is done for one too many, and that a place is free again once somebody has gone. */
@QuarkusTest
@TestProfile(TightLimits.class)
class BoundsTest extends BucketTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void oneUploadTooManyIsToldToComeBack() throws Exception {
    byte[] body =
        new MultipartBody().file("file", "slow", null, new byte[TightLimits.BYTES_OF_A_FILE]).end();
    try (Socket slow = client.beginUpload(session, body, body.length / 2)) {
      assertThat(slow.isConnected()).isTrue();
      await().atMost(LIMIT).until(() -> !spooled().isEmpty());
      HttpResponse<String> refused =
          client.upload(session, new MultipartBody().file("file", "a", null, HELLO));
      assertComesBack(refused, "Too many uploads at the moment");
    }
    await()
        .atMost(LIMIT)
        .until(
            () ->
                client
                        .upload(session, new MultipartBody().file("file", "a", null, HELLO))
                        .statusCode()
                    == 200);
  }

  @Test
  void oneStreamTooManyIsToldToComeBack() throws Exception {
    HttpResponse<InputStream> stream = client.send(stream(), BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    assertComesBack(client.sendForText(stream()), "Too many streams at the moment");

    stream.body().close();

    await()
        .atMost(LIMIT)
        .until(
            () -> {
              HttpResponse<InputStream> next = client.send(stream(), BodyHandlers.ofInputStream());
              next.body().close();
              return next.statusCode() == 200;
            });
  }

  @Test
  void aStreamEndsAfterAWhileSoThatItsReaderShowsItsCredentialAgain() {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              // the whole stream, to its end
              HttpResponse<String> stream = client.sendForText(stream());
              return stream.statusCode() == 200 && stream.body().contains("quiet");
            });
  }

  private HttpRequest.Builder stream() {
    return client
        .withKey(client.request("/api/sessions/" + session.id() + "/events"))
        .header("Accept", "text/event-stream");
  }

  private static void assertComesBack(HttpResponse<String> answer, String error) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).contains(error);
  }
}
