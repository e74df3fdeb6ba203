package dev.agentrelay.push.replica;

import static io.restassured.RestAssured.given;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.replica.BuiltReplica;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;

/** A replica of the service, and how it is asked. */
record ReplicaProcess(BuiltReplica process) implements AutoCloseable {

  static ReplicaProcess start(String name, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    // so that the group does not wait long for a member that was killed
    all.put("mp.messaging.incoming.notices.session.timeout.ms", "6000");
    return new ReplicaProcess(BuiltReplica.start(name, all));
  }

  ReplicaProcess awaitReady() {
    process.awaitReady();
    return this;
  }

  /** The key that browsers subscribe with (P1). */
  String vapidKey() {
    return given()
        .baseUri(process.url().toString())
        .get("/api/push/vapid-public-key")
        .jsonPath()
        .getString("publicKey");
  }

  /** A request of that user to this replica. */
  RequestSpecification as(UserId user) {
    return given()
        .baseUri(process.url().toString())
        .header("x-api-key", TestingIdentities.apiKey(user))
        .contentType(ContentType.JSON);
  }

  /** Ends it without a chance to tidy up. */
  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }
}
