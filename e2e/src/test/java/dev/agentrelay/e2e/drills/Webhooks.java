package dev.agentrelay.e2e.drills;

import dev.agentrelay.e2e.suite.WebhookSignature;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** A webhook and its sender, which gives every request an id of its own. */
final class Webhooks {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final RelayClient owner;
  private final URI relay;
  private final String id;
  private final String secret;

  Webhooks(RelayClient owner, URI relay, String runnerId) {
    this.owner = owner;
    this.relay = relay;
    JSONObject webhook =
        Json.objectAt(
            Json.parse(
                owner
                    .send(
                        "POST",
                        "/api/webhooks",
                        Json.object("name", "load", "source", "load", "runnerId", runnerId))
                    .body()),
            "webhook");
    this.id = webhook.optString("id");
    this.secret = webhook.optString("secret");
  }

  HttpResponse<String> fire(int number) {
    String body = Json.object("type", "load", "number", number).toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(relay + "/api/webhooks/" + id + "/fire"))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "load-" + number)
            .header("X-Webhook-Signature", WebhookSignature.of(body, secret))
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException unanswered) {
      throw new UncheckedIOException(unanswered);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(closed));
    }
  }

  /** The whole ledger, newest first. */
  List<JSONObject> ledger() {
    List<JSONObject> rows = new ArrayList<>();
    String cursor = null;
    do {
      JSONObject page = Json.parse(owner.send("GET", ledgerPath(cursor), null).body());
      JSONArray deliveries = Json.arrayAt(page, "deliveries");
      for (int i = 0; i < deliveries.length(); i++) {
        rows.add(deliveries.optJSONObject(i));
      }
      cursor = Json.text(page, "nextCursor");
    } while (cursor != null);
    return rows;
  }

  private String ledgerPath(@Nullable String cursor) {
    String path = "/api/webhooks/" + id + "/deliveries?limit=100";
    return cursor == null ? path : path + "&cursor=" + cursor;
  }
}
