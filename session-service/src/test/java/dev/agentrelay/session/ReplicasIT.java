package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.blob.TestingS3;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.restassured.path.json.JsonPath;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas on the same stores, and one of them killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int EVENTS = 2_000;

  private final IdentityTestResource identities = new IdentityTestResource();
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, String> settings = new HashMap<>();
  private final UserId user = TestSession.newUser();
  private TestSession session;
  private Path folder;
  private TestingS3 s3;
  private Redis redis;
  private ReplicaProcess other;

  /** Absent while it is killed. */
  private volatile @Nullable ReplicaProcess one;

  @BeforeAll
  void start(@TempDir Path attachments) throws IOException {
    folder = attachments;
    s3 = new TestingS3();
    settings.putAll(new StoresTestResource().start());
    settings.putAll(identities.start());
    settings.put("relay.blob.folder", folder.toString());
    settings.put("relay.blob.s3.bucket", "box");
    settings.put("relay.blob.s3.endpoint", s3.url().toString());
    settings.put("relay.blob.s3.access-key", "key");
    settings.put("relay.blob.s3.secret-key", "secret");
    settings.put("relay.attachment.life", "10s");
    settings.put("relay.attachment.sweep-every", "1s");
    settings.put("relay.attachment.abandoned-after", "5s");
    redis = Redis.createClient(vertx, String.valueOf(settings.get("quarkus.redis.hosts")));
    one = ReplicaProcess.start("one", settings);
    other = ReplicaProcess.start("other", settings).awaitReady();
  }

  @BeforeEach
  void startWhatWasKilled() {
    ReplicaProcess running = one;
    one = (running == null ? ReplicaProcess.start("one", settings) : running).awaitReady();
    session = TestSession.of(user);
    new TestingLiveState(redis).add(session, TestSession.now());
  }

  @AfterAll
  void close() {
    if (one != null) {
      one.close();
    }
    other.close();
    redis.close();
    vertx.close();
    identities.stop();
    s3.close();
  }

  @Test
  void whatOneTakesInTheOtherGivesOut() throws Exception {
    try (AttachmentClient atOne = Objects.requireNonNull(one).as(user);
        AttachmentClient atOther = other.as(user)) {
      String id = atOne.uploaded(session, "a.txt", "text/plain", AttachmentTest.HELLO);
      String path = "/api/attachments/" + id;

      assertThat(atOther.send(atOther.download(id)).body()).isEqualTo(AttachmentTest.HELLO);
      HttpResponse<String> minted =
          atOne.sendForText(
              atOne.withKey(atOne.request(path + "/token")).POST(BodyPublishers.noBody()));
      String token = JsonPath.from(minted.body()).getString("token");
      assertThat(atOther.send(atOther.request(path + "?token=" + token)).body())
          .isEqualTo(AttachmentTest.HELLO);
    }
  }

  @Test
  void whatAReplicaHadUnderWayWhenItWasKilledIsSweptByTheOther() throws Exception {
    // The content is in the store, the record does not say so yet.
    s3.objects().clear();
    s3.afterPut(this::killOne);
    try (AttachmentClient atOne = Objects.requireNonNull(one).as(user);
        AttachmentClient atOther = other.as(user)) {
      assertThatThrownBy(() -> atOne.uploaded(session, "a.txt", "text/plain", AttachmentTest.HELLO))
          .isInstanceOf(IOException.class);

      assertThat(s3.objects()).hasSize(1);
      String name = s3.objects().keySet().iterator().next();
      String id = name.substring(name.lastIndexOf('/') + 1);
      assertThat(atOther.send(atOther.download(id)).statusCode()).isEqualTo(404);
    }
    await().atMost(LIMIT).until(() -> s3.objects().isEmpty() && spooled() == 0);
  }

  private void killOne() {
    s3.afterPut(() -> {});
    Objects.requireNonNull(one).kill();
    one = null;
  }

  private long spooled() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("spool"))) {
      return files.count();
    }
  }

  @Test
  void eventsThatAKilledReplicaWasTakingAreInTheLogOnce() throws Exception {
    List<TestSession> sessions = Stream.generate(() -> TestSession.of(user)).limit(8).toList();
    List<ProducerRecord<String, byte[]>> topic = new ArrayList<>();
    LongStream.rangeClosed(1, EVENTS)
        .forEach(number -> sessions.forEach(each -> topic.add(event(each, number))));
    sessions.forEach(each -> new TestingLiveState(redis).add(each, TestSession.now()));
    EventTopic events = new EventTopic(String.valueOf(settings.get("kafka.bootstrap.servers")));
    try (AttachmentClient atOther = other.as(user)) {
      events.send(topic.subList(0, topic.size() / 2));
      await().atMost(LIMIT).until(() -> position(atOther, sessions.getFirst()) > 0);
      killOne();
      events.send(topic.subList(topic.size() / 2, topic.size()));

      for (TestSession each : sessions) {
        await().atMost(LIMIT).until(() -> position(atOther, each) == EVENTS);
        assertThat(cursors(atOther, each))
            .containsExactlyElementsOf(
                LongStream.rangeClosed(1, EVENTS).mapToObj(String::valueOf).toList());
      }
    }
  }

  private static ProducerRecord<String, byte[]> event(TestSession session, long number) {
    return EventTopic.event(session, 1, number, TestSession.now(), EventTopic.json(1, number));
  }

  /** The place of the last event in the session's log. */
  private static long position(AttachmentClient client, TestSession session) throws Exception {
    return page(client, session, EVENTS * 2).getLong("nextCursor");
  }

  private static List<String> cursors(AttachmentClient client, TestSession session)
      throws Exception {
    List<String> cursors = new ArrayList<>();
    JsonPath page = page(client, session, 0);
    cursors.addAll(page.getList("events.cursor"));
    while (page.getBoolean("more")) {
      page = page(client, session, page.getLong("nextCursor"));
      cursors.addAll(page.getList("events.cursor"));
      assertThat(page.getBoolean("recovered")).isTrue();
    }
    return cursors;
  }

  private static JsonPath page(AttachmentClient client, TestSession session, long after)
      throws Exception {
    HttpResponse<String> answer =
        client.sendForText(
            client.withKey(
                client.request(
                    "/api/sessions/" + session.id() + "/events?limit=1000&after=" + after)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonPath.from(answer.body());
  }
}
