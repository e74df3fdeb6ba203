package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.freshAddress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No other spelling of a path leads past the gates in front of it. */
@QuarkusTest
@RealStores
class SpellingTest {
  private static final String FOREIGN_PAGE =
      "Cookie: better-auth.session_token=a\r\nOrigin: https://evil.example\r\n";

  @TestHTTPResource("/")
  URI service;

  /** The status of a POST, sent exactly so. */
  private int post(String path, String headers) throws IOException {
    return post(freshAddress(), path, headers);
  }

  private int post(String address, String path, String headers) throws IOException {
    try (Socket socket = new Socket(service.getHost(), service.getPort())) {
      String request =
          "POST %s HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %s\r\n%s\r\n\r\n"
              .formatted(path, address, headers.strip());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] start = socket.getInputStream().readNBytes(12);
      return Integer.parseInt(new String(start, StandardCharsets.US_ASCII).substring(9));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/register",
        "/%61pi/register",
        "/api%2fregister",
        "//api/register",
        "/api//register",
        "/./api/register",
        "/x/../api/register",
        "/x/%2e%2e/api/register",
        "/api/auth/../register",
        "/api;a=b/register",
        "/api/register;a=b",
        "/API/register",
        "/api/register/",
        "/api/register?/api/auth/",
        "http://x/api/register"
      })
  void aForeignPageIsRefusedUnderEachName(String path) throws IOException {
    int foreign = post(path, FOREIGN_PAGE + "Content-Length: 0");
    if (post(path, "Content-Length: 0") == 404) {
      assertThat(foreign).isIn(403, 404);
    } else {
      assertThat(foreign).isEqualTo(403);
      assertThat(post(path, "Content-Length: 2000000")).isEqualTo(413);
    }
  }

  /** Whoever guesses passwords gets no more tries under another name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%61pi/auth/sign-in/email",
        "/api/auth/sign-in/%65mail",
        "/api/auth/sign-in%2femail",
        "//api/auth/sign-in/email",
        "/api/auth//sign-in/email",
        "/api/auth/sign-in//email",
        "/api/auth/./sign-in/email",
        "/api/auth/x/../sign-in/email",
        "/api/auth/x/%2e%2e/sign-in/email",
        "/api/auth;a=b/sign-in/email",
        "/api/auth/sign-in/email;a=b",
        "/api/auth/sign-in/email;",
        "/api/auth/sign-in/EMAIL",
        "/api/auth/sign-in/email/",
        "/api/auth/sign-in/email?a=b",
        "http://x/api/auth/sign-in/email"
      })
  void triesUnderAllNamesAreCountedTogether(String path) throws IOException {
    String address = freshAddress();
    for (int i = 0; i < 3; i++) {
      assertThat(post(address, "/api/auth/sign-in/email", "Content-Length: 0")).isEqualTo(400);
    }
    assertThat(post(address, path, "Content-Length: 0")).isIn(404, 429);
  }
}
