package dev.agentrelay.auth.replica;

import static dev.agentrelay.auth.TestingClient.ORIGIN;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static io.restassured.RestAssured.given;

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

  /** A call to this replica from an address of its own. */
  RequestSpecification call() {
    return callFrom(freshAddress());
  }

  RequestSpecification callFrom(String address) {
    return given()
        .baseUri(process.url().toString())
        .header("x-forwarded-for", address)
        .header("origin", ORIGIN)
        .contentType(ContentType.JSON)
        .urlEncodingEnabled(false);
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
