package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls F1, F2 and X27 as one user. */
final class AttachmentClient implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI relay;
  private final UserId user;

  AttachmentClient(URI relay, UserId user) {
    this.relay = relay;
    this.user = user;
  }

  HttpResponse<String> upload(TestSession session, MultipartBody body)
      throws IOException, InterruptedException {
    return upload(session, MultipartBody.TYPE, BodyPublishers.ofByteArray(body.end()));
  }

  HttpResponse<String> upload(
      TestSession session, @Nullable String type, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/api/sessions/" + session.id() + "/attachments").POST(body);
    if (type != null) {
      request.header("Content-Type", type);
    }
    return http.send(withKey(request).build(), BodyHandlers.ofString());
  }

  /** Begins an upload and leaves it there; to close the socket is to cut it off. */
  Socket beginUpload(TestSession session, byte[] body, int sent) throws IOException {
    Socket socket = new Socket(relay.getHost(), relay.getPort());
    OutputStream out = socket.getOutputStream();
    String head =
        String.join(
            "\r\n",
            "POST /api/sessions/" + session.id() + "/attachments HTTP/1.1",
            "Host: relay",
            "x-api-key: " + TestingIdentities.apiKey(user),
            "Content-Type: " + MultipartBody.TYPE,
            "Content-Length: " + body.length,
            "",
            "");
    out.write(head.getBytes(StandardCharsets.UTF_8));
    out.write(body, 0, sent);
    out.flush();
    return socket;
  }

  /** Uploads one file and answers its id. */
  String uploaded(TestSession session, String name, String type, byte[] content)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        upload(session, new MultipartBody().file("files", name, type, content));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonPath.from(answer.body()).getString("attachments[0].attachmentId");
  }

  /** A request without any credential. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(relay.resolve(path)).timeout(Duration.ofSeconds(60));
  }

  HttpRequest.Builder withKey(HttpRequest.Builder request) {
    return request.header("x-api-key", TestingIdentities.apiKey(user));
  }

  HttpRequest.Builder download(String id) {
    return withKey(request("/api/attachments/" + id));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return send(request, BodyHandlers.ofByteArray());
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return http.send(request.build(), handler);
  }

  HttpResponse<String> sendForText(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
