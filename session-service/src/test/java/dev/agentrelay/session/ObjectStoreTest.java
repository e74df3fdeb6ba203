package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** F1 and F2 of the REST contract with an S3-compatible store behind them. */
@QuarkusTest
@TestProfile(TightLimits.class)
class ObjectStoreTest extends BucketTest {
  @Test
  void aFileComesBackWholeAndInParts() throws Exception {
    byte[] content = new byte[5 * MEBIBYTE];
    new Random(1).nextBytes(content);
    String id = client.uploaded(session, "a.mp4", "video/mp4", content);
    String empty = client.uploaded(session, "empty.txt", "text/plain", new byte[0]);

    HttpResponse<byte[]> whole = client.send(client.download(id));
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.headers().allValues("Content-Length"))
        .containsExactly(String.valueOf(content.length));
    assertThat(whole.body()).isEqualTo(content);
    HttpResponse<byte[]> part = client.send(client.download(id).header("Range", "bytes=2-3"));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().allValues("Content-Length")).containsExactly("2");
    assertThat(part.body()).containsExactly(content[2], content[3]);
    assertThat(client.send(client.download(empty)).body()).isEmpty();
    assertThat(s3.objects())
        .containsOnlyKeys("/box/attachments/" + id, "/box/attachments/" + empty);
    assertThat(names()).isEmpty();
  }

  @Test
  void aStoreThatIsAwayIsAnswered503AndLeavesNothingBehind() throws Exception {
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);

    s3.failWith(503);
    expectUnavailable(client.download(id));
    expectUnavailable(uploading());
    s3.close();
    expectUnavailable(client.download(id));
    expectUnavailable(uploading());

    assertThat(names()).isEmpty();
    startStore();
    client.uploaded(session, "b.txt", "text/plain", HELLO);
  }

  private HttpRequest.Builder uploading() {
    return client
        .withKey(client.request("/api/sessions/" + session.id() + "/attachments"))
        .header("Content-Type", MultipartBody.TYPE)
        .POST(
            BodyPublishers.ofByteArray(
                new MultipartBody().file("file", "a.txt", "text/plain", HELLO).end()));
  }

  private void expectUnavailable(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> answer = client.send(request);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"unavailable\"");
  }

  @Test
  void oneFileThatCannotBeDeletedKeepsNoOther() throws Exception {
    String stubborn = client.uploaded(session, "a.txt", "text/plain", HELLO);
    String other = client.uploaded(session, "b.txt", "text/plain", HELLO);
    for (String id : List.of(stubborn, other)) {
      change("update session.attachments set expires_at = now() where attachment_id = ?", id);
    }

    s3.failWith(403, stubborn);
    sweep.run();
    assertThat(s3.objects()).containsOnlyKeys("/box/attachments/" + stubborn);
    s3.failWith(0);
    sweep.run();
    assertThat(s3.objects()).isEmpty();
  }
}
