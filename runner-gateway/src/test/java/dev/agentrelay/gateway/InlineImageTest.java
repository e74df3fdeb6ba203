package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images inside transcripts become attachments (sockets.md 4.4.5). */
@QuarkusTest
class InlineImageTest extends GatewayTest {
  private static final int LARGE = 20_000;

  private final String id = UUID.randomUUID().toString();

  @Inject TestingImages images;

  @BeforeEach
  void forgetStored() {
    images.stored.clear();
  }

  @Test
  void aLargeImageIsStoredAndItsAddressShown() throws Exception {
    BareSession session = BareSession.register(this, id);
    RelaySocket viewer = session.view();
    String data = image(LARGE);
    session.send(
        BareSession.snapshot(
            messages(
                Json.object("type", "text", "text", "look"),
                Json.object("type", "image", "data", data, "mimeType", "image/jpeg", "alt", "x"))));
    session.send(Json.object("type", "turn_start"));

    TestingImages.Stored stored =
        Objects.requireNonNull(images.stored.poll(LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertThat(stored.owner().value()).isEqualTo(user);
    assertThat(stored.session().value()).isEqualTo(id);
    assertThat(stored.image().base64()).isEqualTo(data);
    assertThat(stored.image().mediaType()).isEqualTo("image/jpeg");
    assertThat(stored.image().id()).isEqualTo(idOf(user, data));

    JSONObject shown = envelope(viewer, "session_active");
    assertThat(shown.getLong("seq")).isEqualTo(1);
    JSONObject event = shown.getJSONObject("event");
    assertThat(event.getBoolean("_imagesStripped")).isTrue();
    JSONObject block = block(event.getJSONObject("state").getJSONArray("messages"), 1);
    assertThat(block.has("data")).isFalse();
    assertThat(block.getString("alt")).isEqualTo("x");
    JSONObject source = block.getJSONObject("source");
    assertThat(source.getString("type")).isEqualTo("url");
    assertThat(source.getString("url")).isEqualTo("/api/attachments/" + idOf(user, data));
    assertThat(source.getBoolean("extracted")).isTrue();
    assertThat(source.getInt("originalSizeBytes")).isEqualTo(LARGE);
    // what the worker sent behind it did not overtake it
    assertThat(envelope(viewer, "turn_start").getLong("seq")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent_end", "session_messages_chunk"})
  void imagesInOtherEventsWithMessagesAreStoredOnce(String type) {
    BareSession session = BareSession.register(this, id);
    RelaySocket viewer = session.view();
    JSONObject source =
        Json.object(
            "type",
            "base64",
            "media_type",
            "image/webp",
            "data",
            "data:image/webp;base64," + image(LARGE));
    JSONArray messages = messages(Json.object("type", "image", "source", source));
    session.send(Json.object("type", type, "messages", messages));
    session.sendStored(Json.object("type", type, "messages", messages));
    JSONObject block =
        block(envelope(viewer, type).getJSONObject("event").getJSONArray("messages"), 0);
    assertThat(block.getJSONObject("source").has("data")).isFalse();
    assertThat(block.getJSONObject("source").getString("media_type")).isEqualTo("image/webp");
    assertThat(images.stored).hasSize(1);
  }

  @Test
  void anImageIsStoredForEachSessionAndRegistrationThatShowsIt() {
    JSONObject shown =
        BareSession.snapshot(messages(Json.object("type", "image", "data", image(LARGE))));
    String other = UUID.randomUUID().toString();
    for (String each : List.of(id, other, id)) {
      BareSession session = BareSession.register(this, each);
      session.sendStored(shown);
      session.sendStored(shown);
    }
    assertThat(images.stored)
        .extracting(stored -> stored.session().value())
        .containsExactly(id, other, id);
  }

  @Test
  void whatIsSmallOrNoImageStays() {
    BareSession session = BareSession.register(this, id);
    RelaySocket viewer = session.view();
    String small = image(5_000);
    String text = image(LARGE);
    session.sendStored(
        BareSession.snapshot(
            messages(
                Json.object("type", "image", "data", small),
                Json.object("type", "text", "text", text, "about", "image"))));
    JSONObject event = envelope(viewer, "session_active").getJSONObject("event");
    JSONArray messages = event.getJSONObject("state").getJSONArray("messages");
    assertThat(block(messages, 0).getString("data")).isEqualTo(small);
    assertThat(block(messages, 1).getString("text")).isEqualTo(text);
    assertThat(event.has("_imagesStripped")).isFalse();
    assertThat(images.stored).isEmpty();
  }

  @Test
  void anImageThatCannotBeStoredStaysWhereItIs() {
    String refused = TestingImages.userWithoutAttachments(UUID.randomUUID().toString());
    RelaySocket worker = socket(as(refused), "/relay").connect().awaitConnected();
    worker.emit("register", Json.object("sessionId", id, "cwd", "/src"));
    String token = worker.await("registered").payload().getString("token");
    RelaySocket viewer = socket(as(refused), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id));
    viewer.await("connected");
    String data = image(LARGE);
    worker.emit(
        "event",
        Json.object(
            "sessionId",
            id,
            "token",
            token,
            "event",
            BareSession.snapshot(messages(Json.object("type", "image", "data", data)))));
    JSONObject event = envelope(viewer, "session_active").getJSONObject("event");
    assertThat(block(event.getJSONObject("state").getJSONArray("messages"), 0).getString("data"))
        .isEqualTo(data);
    assertThat(event.has("_imagesStripped")).isFalse();
  }

  private static JSONArray messages(JSONObject... blocks) {
    return Json.array(
        Json.object("role", "user", "content", "text only"),
        Json.object("role", "user", "content", Json.array((Object[]) blocks)));
  }

  private static JSONObject block(JSONArray messages, int index) {
    return messages.getJSONObject(1).getJSONArray("content").getJSONObject(index);
  }

  private static String image(int bytes) {
    byte[] random = new byte[bytes];
    new Random().nextBytes(random);
    return Base64.getEncoder().encodeToString(random);
  }

  private static String idOf(String user, String base64) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest((user + ":" + base64).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash).substring(0, 24);
  }
}
