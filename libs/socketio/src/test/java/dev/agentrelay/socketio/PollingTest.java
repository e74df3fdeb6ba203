package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Long-polling on the wire. */
class PollingTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(Echo::declare);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void severalPacketsTravelInOneBodyBothWays() throws Exception {
    String session = server.poll();

    HttpResponse<String> posted =
        server.post(session, "40\u001e42[\"message\",1]\u001e42[\"message\",\"é\"]");

    assertThat(posted.body()).isEqualTo("ok");
    assertThat(posted.headers().firstValue("content-type")).hasValue("text/html");
    assertThat(server.get(session).body())
        .matches(
            "40\\{\"sid\":\"[\\w-]+\"}\u001e42\\[\"message-back\",1]\u001e42\\[\"message-back\",\"é\"]");
  }

  @Test
  void binaryTravelsAsBase64() throws Exception {
    String session = server.poll();
    server.post(session, "40");
    server.get(session);

    server.post(session, "451-[\"message\",{\"_placeholder\":true,\"num\":0}]\u001ebAQIDBA==");

    assertThat(server.get(session).body())
        .isEqualTo("451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]\u001ebAQIDBA==");
  }

  @Test
  void malformedPacketClosesTheSession() throws Exception {
    String session = server.poll();

    assertThat(server.post(session, "abc").statusCode()).isEqualTo(400);
    assertThat(server.get(session).statusCode()).isEqualTo(400);
  }

  @Test
  void secondGetClosesTheSession() throws Exception {
    String session = server.poll();
    CompletableFuture<HttpResponse<String>> first = server.getLater(session);
    CompletableFuture<HttpResponse<String>> second = server.getLater(session);

    CompletableFuture.allOf(first, second).get(20, TimeUnit.SECONDS);

    assertThat(new int[] {first.get().statusCode(), second.get().statusCode()})
        .containsExactlyInAnyOrder(200, 400);
    HttpResponse<String> released = first.get().statusCode() == 200 ? first.get() : second.get();
    assertThat(released.body()).isEqualTo("1");
    assertThat(server.get(session).statusCode()).isEqualTo(400);
  }

  @Test
  void closePacketReleasesTheGet() throws Exception {
    String session = server.poll();
    CompletableFuture<HttpResponse<String>> pending = server.getLater(session);

    assertThat(server.post(session, "1").body()).isEqualTo("ok");

    HttpResponse<String> released = pending.get(20, TimeUnit.SECONDS);
    assertThat(released.statusCode() == 400 || released.body().equals("6"))
        .isTrue(); // the two may overtake each other
    assertThat(server.get(session).statusCode()).isEqualTo(400);
  }

  @Test
  void longBodyIsRefused() throws Exception {
    String session = server.poll();

    assertThat(server.post(session, "4" + "x".repeat(1_000_000)).statusCode()).isEqualTo(413);
    assertThat(server.get(session).statusCode()).isEqualTo(400);
  }

  @Test
  void lastPacketsAreFetchedAfterTheServerCloses() throws Exception {
    String session = server.poll();
    server.post(session, "40");
    server.get(session);

    server.post(session, "42[\"leave-and-close\"]");

    assertThat(server.get(session).body()).isEqualTo("41\u001e1");
    assertThat(server.get(session).statusCode()).isEqualTo(400);
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    String session = server.poll();

    assertThat(server.send(server.request(session).DELETE()).statusCode()).isEqualTo(400);
  }
}
