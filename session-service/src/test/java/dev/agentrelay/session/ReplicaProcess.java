package dev.agentrelay.session;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.replica.BuiltReplica;
import java.util.HashMap;
import java.util.Map;

/** A replica of the service, and how it is asked. */
record ReplicaProcess(BuiltReplica process) implements AutoCloseable {

  static ReplicaProcess start(String name, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    // so that the groups do not wait long for a member that was killed
    all.put("mp.messaging.incoming.events.session.timeout.ms", "6000");
    all.put("mp.messaging.incoming.sessions.session.timeout.ms", "6000");
    return new ReplicaProcess(BuiltReplica.start(name, all));
  }

  ReplicaProcess awaitReady() {
    process.awaitReady();
    return this;
  }

  /** Calls of that user to this replica. */
  AttachmentClient as(UserId user) {
    return new AttachmentClient(process.url(), user);
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
