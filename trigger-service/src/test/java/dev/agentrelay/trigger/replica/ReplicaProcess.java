package dev.agentrelay.trigger.replica;

import static io.restassured.RestAssured.given;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.replica.BuiltReplica;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.Map;

/** A replica of the service, and how it is asked. */
record ReplicaProcess(BuiltReplica process) implements AutoCloseable {

  static ReplicaProcess start(String name, Map<String, String> settings) {
    return new ReplicaProcess(BuiltReplica.start(name, settings));
  }

  ReplicaProcess awaitReady() {
    process.awaitReady();
    return this;
  }

  /** A request of that user to this replica. */
  RequestSpecification as(UserId user) {
    return given()
        .baseUri(process.url().toString())
        .urlEncodingEnabled(false)
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
