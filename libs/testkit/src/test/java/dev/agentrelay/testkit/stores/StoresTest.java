package dev.agentrelay.testkit.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {
  private final Path folder;

  StoresTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void postgresKeepsItsDataAndItsPasswordOverARestart() throws Exception {
    StoreOptions options = StoreOptions.durable("s3cret");
    try (PostgresStore store = PostgresStore.start(folder, FreePorts.next(), options);
        Connection connection = login(store, "s3cret")) {
      connection.createStatement().execute("CREATE TABLE kept AS SELECT 42 AS answer");
    }
    try (PostgresStore store = PostgresStore.start(folder, FreePorts.next(), options)) {
      try (Connection connection = login(store, "s3cret");
          ResultSet rows = connection.createStatement().executeQuery("TABLE kept")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(42);
      }
      assertThatThrownBy(() -> login(store, "guess")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void postgresStopsEvenWhileAClientIsConnected() throws Exception {
    PostgresStore store = PostgresStore.start(folder, FreePorts.next());
    try (Connection connection = login(store, "")) {
      assertThat(connection.isValid(1)).isTrue();
      store.close();
      assertThat(store.process().isAlive()).isFalse();
    }
  }

  @Test
  void durableRedisKeepsItsDataAndAsksForThePassword() throws Exception {
    StoreOptions options = StoreOptions.durable("s3cret");
    try (RedisStore store = RedisStore.start(folder, FreePorts.next(), options)) {
      assertThat(redis(store, "SET kept 42")).startsWith("-NOAUTH");
      assertThat(redis(store, "AUTH s3cret\r\nSET kept 42")).contains("+OK\r\n+OK");
    }
    try (RedisStore store = RedisStore.start(folder, FreePorts.next(), options)) {
      assertThat(redis(store, "AUTH s3cret\r\nGET kept")).contains("42");
    }
  }

  @Test
  void kafkaCarriesAMessageOverItsOwnDeath() throws Exception {
    int port = FreePorts.next();
    KafkaStore store = KafkaStore.start(folder, port);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", store.url()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>("greetings", "key", "hello")).get();
      assertThat(producer.partitionsFor("greetings")).hasSize(6);
    }
    store.process().destroyForcibly();
    store.process().onExit().join();

    try (KafkaStore again = KafkaStore.start(folder, port);
        KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers", again.url(),
                    "group.id", "readers",
                    "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
      consumer.subscribe(List.of("greetings"));
      ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(20));
      assertThat(records).extracting(message -> message.value()).containsExactly("hello");
    }
  }

  @Test
  void aTestResourceGivesOnlyWhatIsAskedForAndAFreshDatabaseEachTime() throws Exception {
    StoresTestResource resource = new StoresTestResource();
    resource.init(Map.of("stores", "postgres, redis"));
    Map<String, String> first = resource.start();
    Map<String, String> second = resource.start();

    assertThat(first)
        .containsOnlyKeys(
            "quarkus.datasource.jdbc.url",
            "quarkus.datasource.username",
            "quarkus.datasource.password",
            "quarkus.redis.hosts");
    assertThat(second.get("quarkus.redis.hosts")).isEqualTo(first.get("quarkus.redis.hosts"));
    String url = "quarkus.datasource.jdbc.url";
    assertThat(second.get(url)).isNotEqualTo(first.get(url));
    try (Connection connection =
        DriverManager.getConnection(first.get(url), PostgresStore.USERNAME, "")) {
      assertThat(connection.isValid(1)).isTrue();
    }
  }

  @Test
  void aStoreThatCannotStartSaysWhy() {
    int port = FreePorts.next();
    try (RedisStore holder = RedisStore.start(folder.resolve("a"), port)) {
      assertThat(holder.process().isAlive()).isTrue();
      assertThatThrownBy(() -> PostgresStore.start(folder.resolve("b"), port))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Postgres ended while it started");
    }
  }

  private static Connection login(PostgresStore store, String password) throws SQLException {
    return DriverManager.getConnection(store.url(), PostgresStore.USERNAME, password);
  }

  private static String redis(RedisStore store, String commands) throws Exception {
    URI address = URI.create(store.url());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket
          .getOutputStream()
          .write((commands + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
