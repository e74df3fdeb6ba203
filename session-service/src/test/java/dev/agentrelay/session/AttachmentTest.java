package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.attachment.AttachmentSweep;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** F1, F2 and X27 of the REST contract, over HTTP. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class AttachmentTest {
  private static final int MEBIBYTE = 1_048_576;
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  @TestHTTPResource("/")
  URI relay;

  @Inject Redis redis;
  @Inject DataSource database;
  @Inject AttachmentSweep sweep;

  private final UserId user = TestSession.newUser();
  private final TestSession session = TestSession.of(user);
  private AttachmentClient client;
  private AttachmentClient stranger;

  @BeforeEach
  void open() {
    new TestingLiveState(redis).add(session, TestSession.now());
    client = new AttachmentClient(relay, user);
    stranger = new AttachmentClient(relay, TestSession.newUser());
  }

  @AfterEach
  void close() {
    client.close();
    stranger.close();
  }

  @Test
  void uploadedFilesAreDescribedFilesBeforeFile() throws Exception {
    HttpResponse<String> answer =
        client.upload(
            session,
            new MultipartBody()
                .file("file", "last.bin", null, HELLO)
                .field("comment", "not a file")
                .file("other", "ignored.txt", "text/plain", HELLO)
                .file("files", "a.PNG", "Image/PNG; x=y", new byte[3])
                .file("files", "empty.txt", "text/plain", new byte[0]));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonPath body = JsonPath.from(answer.body());
    assertThat(body.<String>getList("attachments.filename"))
        .containsExactly("a.PNG", "empty.txt", "last.bin");
    assertThat(body.<String>getList("attachments.mimeType"))
        .containsExactly("image/png", "text/plain;charset=utf-8", "application/octet-stream");
    assertThat(body.<Integer>getList("attachments.size")).containsExactly(3, 0, 5);
    assertThat(body.<String, Object>getMap("attachments[0]"))
        .containsOnlyKeys("attachmentId", "filename", "mimeType", "size", "expiresAt");
    assertThat(Instant.parse(body.getString("attachments[0].expiresAt")))
        .isBetween(Instant.now().plusSeconds(840), Instant.now().plusSeconds(901));
  }

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
  void hostileNamesDoNoHarm() throws Exception {
    for (String name :
        List.of(
            "../../etc/passwd",
            "..\\..\\boot.ini",
            "nul\0byte.txt",
            "\u202Etxt.exe",
            "x".repeat(5_000),
            "a\u0001b\u007f")) {
      HttpResponse<String> answer =
          client.upload(session, new MultipartBody().file("file", name, "text/plain", HELLO));
      assertThat(answer.statusCode()).as(name).isEqualTo(200);
      JsonPath body = JsonPath.from(answer.body());
      assertThat(body.getString("attachments[0].filename"))
          .hasSizeLessThanOrEqualTo(255)
          .doesNotContain("\0", "\u0001", "\u007f");
      HttpResponse<byte[]> download =
          client.send(client.download(body.getString("attachments[0].attachmentId")));
      assertThat(download.statusCode()).isEqualTo(200);
      assertThat(download.headers().firstValue("Content-Disposition").orElseThrow())
          .matches("[\\x20-\\x7E]*");
    }
    assertThat(names()).allMatch(name -> name.matches("[0-9a-f-]{24,36}"));
  }

  @Test
  void anUploadNeedsALiveSessionOfTheCaller() throws Exception {
    MultipartBody body = new MultipartBody().file("file", "a", null, HELLO);
    HttpResponse<String> foreign = stranger.upload(session, body);
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.body()).contains("\"Forbidden\"");

    HttpResponse<String> ended =
        client.upload(TestSession.of(user), new MultipartBody().file("file", "a", null, HELLO));
    assertThat(ended.statusCode()).isEqualTo(404);
    assertThat(ended.body()).contains("\"Session is not live\"");

    HttpResponse<String> nobody =
        client.sendForText(
            client
                .request("/api/sessions/" + session.id() + "/attachments")
                .header("Content-Type", MultipartBody.TYPE)
                .POST(BodyPublishers.ofByteArray(HELLO)));
    assertThat(nobody.statusCode()).isEqualTo(401);
  }

  @Test
  void bodiesThatAreNoUploadAreRefused() throws Exception {
    expectRefusal(
        client.upload(session, new MultipartBody().field("file", "text")),
        400,
        "No files uploaded");
    expectRefusal(
        client.upload(session, new MultipartBody().file("other", "a", null, HELLO)),
        400,
        "No files uploaded");
    for (String type : List.of("application/json", "multipart/form-data", "text/plain")) {
      expectRefusal(
          client.upload(session, type, BodyPublishers.ofByteArray(HELLO)), 400, "Bad Request");
    }
    expectRefusal(client.upload(session, MultipartBody.TYPE, BodyPublishers.noBody()), 400, "");
    expectRefusal(
        client.upload(session, null, BodyPublishers.ofByteArray(HELLO)), 400, "Bad Request");

    MultipartBody many = new MultipartBody();
    for (int i = 0; i < 1_000; i++) {
      many.file("files", "f" + i, null, HELLO);
    }
    expectRefusal(client.upload(session, many), 400, "Too many parts");
    assertNothingLeftBehind();
  }

  @Test
  void whatIsTooLargeIsRefusedAndNothingIsStored() throws Exception {
    expectRefusal(
        client.upload(
            session,
            new MultipartBody()
                .file("files", "small", null, HELLO)
                .file("files", "big.bin", null, new byte[31 * MEBIBYTE])),
        413,
        "File too large: big.bin exceeds 31457280 bytes");

    byte[] tooLong =
        new MultipartBody()
            .file("files", "a", null, new byte[26 * MEBIBYTE])
            .file("files", "b", null, new byte[25 * MEBIBYTE])
            .end();
    expectRefusal(
        client.upload(session, MultipartBody.TYPE, BodyPublishers.ofByteArray(tooLong)),
        413,
        "Payload Too Large: body exceeds 52428800 bytes");
    // The same without a length.
    expectRefusal(
        client.upload(session, MultipartBody.TYPE, BodyPublishers.ofByteArrays(List.of(tooLong))),
        413,
        "Payload Too Large: body exceeds 52428800 bytes");
    assertNothingLeftBehind();
  }

  private static void expectRefusal(HttpResponse<String> answer, int status, String error) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(JsonPath.from(answer.body()).getString("error")).startsWith(error);
    assertThat(JsonPath.from(answer.body()).getString("code")).isNotNull();
  }

  @Test
  void aBodyThatIsCutOffLeavesNothingBehind() throws Exception {
    byte[] body = new MultipartBody().file("file", "cut", null, new byte[MEBIBYTE]).end();
    try (Socket socket = new Socket(relay.getHost(), relay.getPort())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /api/sessions/"
              + session.id()
              + "/attachments HTTP/1.1\r\nHost: relay\r\nx-api-key: "
              + TestingIdentities.apiKey(user)
              + "\r\nContent-Type: "
              + MultipartBody.TYPE
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.write(body, 0, body.length / 2);
      out.flush();
      await().atMost(Duration.ofSeconds(10)).until(() -> !spooled().isEmpty());
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> spooled().isEmpty());
    assertNothingLeftBehind();
  }

  private void assertNothingLeftBehind() throws IOException, SQLException {
    assertThat(spooled()).isEmpty();
    try (Connection connection = database.getConnection();
        PreparedStatement count =
            connection.prepareStatement(
                "select count(*) from session.attachments where user_id = ?")) {
      count.setString(1, user.value());
      try (var rows = count.executeQuery()) {
        rows.next();
        assertThat(rows.getInt(1)).isZero();
      }
    }
  }

  private static List<Path> spooled() throws IOException {
    return AttachmentFolder.files().stream()
        .filter(file -> file.getFileName().toString().startsWith("upload-"))
        .toList();
  }

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

  private static List<String> names() throws IOException {
    return AttachmentFolder.files().stream().map(file -> file.getFileName().toString()).toList();
  }

  private void change(String statement, String id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement change = connection.prepareStatement(statement)) {
      change.setString(1, id);
      change.executeUpdate();
    }
  }
}
