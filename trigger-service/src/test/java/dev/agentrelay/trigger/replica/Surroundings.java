package dev.agentrelay.trigger.replica;

import dev.agentrelay.testkit.gateway.ScriptedGateway;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.PostgresStore;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.trigger.LiveRecords;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** What replicas share: stores, whoever knows callers, and a gateway that follows a script. */
final class Surroundings implements AutoCloseable {
  private static final String ALIVE =
      "select count(*) from trigger.replicas where seen_at > now() - interval '5 seconds'";

  private final IdentityTestResource identities = new IdentityTestResource();
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, String> settings = new HashMap<>();
  private final ScriptedGateway gateway;
  private final Redis redis;

  Surroundings() {
    settings.putAll(new StoresTestResource().start());
    settings.putAll(identities.start());
    // so that nothing but the death of a replica ends its wait for an answer
    settings.put("relay.trigger.delivery.answer-within", "100s");
    gateway = ScriptedGateway.start(kafka());
    redis = Redis.createClient(vertx, setting("quarkus.redis.hosts"));
  }

  ReplicaProcess start(String name) {
    return ReplicaProcess.start(name, settings);
  }

  ScriptedGateway gateway() {
    return gateway;
  }

  LiveRecords records() {
    return new LiveRecords(redis);
  }

  String kafka() {
    return setting("kafka.bootstrap.servers");
  }

  /** How many replicas are known to run. */
  int alive() {
    try (Connection connection =
            DriverManager.getConnection(
                setting("quarkus.datasource.jdbc.url"), PostgresStore.USERNAME, "");
        Statement statement = connection.createStatement();
        ResultSet counted = statement.executeQuery(ALIVE)) {
      counted.next();
      return counted.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String setting(String name) {
    return String.valueOf(settings.get(name));
  }

  @Override
  public void close() {
    gateway.close();
    redis.close();
    vertx.close();
    identities.stop();
  }
}
