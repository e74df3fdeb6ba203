package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** F1 of the REST contract: what can be uploaded, and what becomes of everything else. */
@QuarkusTest
class UploadTest extends AttachmentTest {
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
  void aClientThatAsksFirstIsToldToGoOn() throws Exception {
    byte[] large = new byte[3 << 20];
    HttpResponse<String> answer =
        client.sendForText(
            client
                .withKey(client.request("/api/sessions/" + session.id() + "/attachments"))
                .header("Content-Type", MultipartBody.TYPE)
                .expectContinue(true)
                .POST(
                    BodyPublishers.ofByteArray(
                        new MultipartBody().file("file", "a", null, large).end())));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JsonPath.from(answer.body()).getInt("attachments[0].size")).isEqualTo(large.length);
  }

  @Test
  void aHeaderMayGoOnInTheNextLine() throws Exception {
    HttpResponse<String> answer =
        client.upload(
            session,
            new MultipartBody().file("file\";\r\n\t x=\"y", "a.txt", "\r\n text/plain", HELLO));
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonPath body = JsonPath.from(answer.body());
    assertThat(body.getString("attachments[0].filename")).isEqualTo("a.txt");
    assertThat(body.getString("attachments[0].mimeType")).startsWith("text/plain");
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

    HttpResponse<String> blank =
        client.sendForText(
            client
                .withKey(client.request("/api/sessions/%20/attachments"))
                .header("Content-Type", MultipartBody.TYPE)
                .POST(BodyPublishers.ofByteArray(HELLO)));
    expectRefusal(blank, 400, "Missing session ID");

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
    try (Socket cut = client.beginUpload(session, body, body.length / 2)) {
      assertThat(cut.isConnected()).isTrue();
      await().atMost(Duration.ofSeconds(10)).until(() -> !spooled().isEmpty());
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> spooled().isEmpty());
    assertNothingLeftBehind();
  }

  @Test
  void aDatabaseWithoutRoomIsToldPlainly() throws Exception {
    execute(
        """
        create function session.no_room() returns trigger language plpgsql as
          $$ begin raise exception 'no room' using errcode = 'disk_full'; end $$;
        create trigger no_room before insert on session.attachments
          execute function session.no_room();
        """);
    try {
      expectRefusal(
          client.upload(session, new MultipartBody().file("file", "a", null, HELLO)),
          507,
          "The relay has no room left");
      assertNothingLeftBehind();
    } finally {
      execute("drop trigger no_room on session.attachments; drop function session.no_room();");
    }
    client.uploaded(session, "a", "text/plain", HELLO);
  }

  private void execute(String statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
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
}
