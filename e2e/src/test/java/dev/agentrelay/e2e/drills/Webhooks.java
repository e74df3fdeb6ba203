package dev.agentrelay.e2e.drills;

import dev.agentrelay.e2e.webhook.SignedWebhook;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.json.JSONObject;

/**
 * Two webhooks and their sender, which gives every request an id of its own: one that tells the
 * sender to come again while the runner is offline, and one whose deliveries wait for it.
 */
final class Webhooks {
  private static final Set<String> FINAL_STATES = Set.of("delivered", "failed", "expired");
  private static final String SENDER_ID = "load-";

  /** Those that wait are delivered one after the other, so they are few. */
  private static final int QUEUED_ONE_IN = 10;

  private final URI relay;
  private final SignedWebhook rejecting;
  private final SignedWebhook queueing;

  Webhooks(RelayClient owner, URI relay, String runnerId) {
    this.relay = relay;
    this.rejecting = SignedWebhook.make(owner, runnerId, "reject");
    this.queueing = SignedWebhook.make(owner, runnerId, "queue");
  }

  HttpResponse<String> fire(int number) {
    SignedWebhook webhook = number % QUEUED_ONE_IN == 0 ? queueing : rejecting;
    String body = Json.object("type", "load", "number", number).toString();
    return webhook.fire(relay, SENDER_ID + number, body);
  }

  /** Both ledgers. */
  List<JSONObject> ledger() {
    return Stream.of(rejecting, queueing).flatMap(webhook -> webhook.ledger().stream()).toList();
  }

  /** Whether every delivery has come to an end. */
  boolean settled() {
    return ledger().stream().allMatch(Webhooks::isOver);
  }

  static boolean isOver(JSONObject delivery) {
    return FINAL_STATES.contains(delivery.optString("state"));
  }

  /** The number of the call that a delivery came from. */
  static int number(JSONObject delivery) {
    return Integer.parseInt(delivery.getString("senderId").substring(SENDER_ID.length()));
  }
}
