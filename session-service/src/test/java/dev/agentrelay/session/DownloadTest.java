package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** F2 of the REST contract: what a stored file looks like to those who fetch it. */
@QuarkusTest
class DownloadTest extends AttachmentTest {
  @Test
  void aFileIsDownloadedWithTheContractsHeaders() throws Exception {
    String id = client.uploaded(session, "résumé (1).txt", "text/plain", HELLO);

    HttpResponse<byte[]> answer = client.send(client.download(id));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(HELLO);
    Map.of(
            "Content-Type", "text/plain",
            "Content-Length", "5",
            "Content-Disposition",
                "inline; filename=\"r_sum_ (1).txt\";"
                    + " filename*=UTF-8''r%C3%A9sum%C3%A9%20%281%29.txt",
            "X-Attachment-Id", id,
            "X-Attachment-Filename", "r%C3%A9sum%C3%A9%20%281%29.txt",
            "Cache-Control", "private, no-store",
            "X-Content-Type-Options", "nosniff")
        .forEach(
            (name, value) ->
                assertThat(answer.headers().allValues(name)).as(name).containsExactly(value));
  }

  @Test
  void largeFilesArriveAsTheyWereSent() throws Exception {
    byte[] content = new byte[30 * MEBIBYTE];
    new Random(1).nextBytes(content);
    String id = client.uploaded(session, "large.mp4", "video/mp4", content);

    assertThat(client.send(client.download(id)).body()).isEqualTo(content);
  }

  @Test
  void headTellsTheSizeAndRangesGiveParts() throws Exception {
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);

    HttpResponse<byte[]> head =
        client.send(client.download(id).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).contains("5");
    assertThat(head.body()).isEmpty();

    expectPart(id, "bytes=1-2", "el", "bytes 1-2/5");
    expectPart(id, "bytes=3-", "lo", "bytes 3-4/5");
    expectPart(id, "bytes=-2", "lo", "bytes 3-4/5");
    expectPart(id, "bytes=4-900", "o", "bytes 4-4/5");
  }

  private void expectPart(String id, String range, String content, String contentRange)
      throws Exception {
    HttpResponse<byte[]> answer = client.send(client.download(id).header("Range", range));
    assertThat(answer.statusCode()).as(range).isEqualTo(206);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(content);
    assertThat(answer.headers().firstValue("Content-Range")).contains(contentRange);
    assertThat(answer.headers().firstValue("Content-Length"))
        .contains(String.valueOf(content.length()));
  }

  @Test
  void rangesThatMakeNoSenseGiveTheWholeOrNothing() throws Exception {
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);

    for (String range :
        List.of("bytes=2-1", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes=")) {
      HttpResponse<byte[]> answer = client.send(client.download(id).header("Range", range));
      assertThat(answer.statusCode()).as(range).isEqualTo(200);
      assertThat(answer.body()).as(range).isEqualTo(HELLO);
    }
    for (String range : List.of("bytes=5-", "bytes=99-100", "bytes=-0")) {
      HttpResponse<byte[]> answer = client.send(client.download(id).header("Range", range));
      assertThat(answer.statusCode()).as(range).isEqualTo(416);
      assertThat(answer.headers().firstValue("Content-Range")).contains("bytes */5");
    }
    String empty = client.uploaded(session, "empty", "text/plain", new byte[0]);
    assertThat(client.send(client.download(empty)).statusCode()).isEqualTo(200);
  }

  @Test
  void whatABrowserCouldRunIsOnlyDownloaded() throws Exception {
    for (String type :
        List.of("image/svg+xml", "text/html", "application/javascript", "TEXT/HTML;charset=x")) {
      String id = client.uploaded(session, "page.html", type, HELLO);
      HttpResponse<byte[]> answer = client.send(client.download(id));
      assertThat(answer.headers().firstValue("Content-Type"))
          .as(type)
          .contains("application/octet-stream");
      assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
          .startsWith("attachment;");
    }
  }

  @Test
  void expiredFilesAreGoneAndTheSweepTakesTheirContent() throws Exception {
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);
    String kept = client.uploaded(session, "b.txt", "text/plain", HELLO);
    change("update session.attachments set expires_at = now() where attachment_id = ?", id);

    assertThat(client.send(client.download(id)).statusCode()).isEqualTo(404);
    sweep.run();

    assertThat(names()).doesNotContain(id).contains(kept);
  }

  @Test
  void whatAKilledReplicaLeavesIsSwept() throws Exception {
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);
    // Killed between store and record: the content is there, and not said to be.
    change(
        "update session.attachments set stored = false, expires_at = now() where attachment_id = ?",
        id);
    Path unfinished = Files.createTempFile(AttachmentFolder.root().resolve("spool"), "upload-", "");
    Files.setLastModifiedTime(unfinished, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

    sweep.run();

    assertThat(names()).doesNotContain(id);
    assertThat(unfinished).doesNotExist();
  }
}
