package dev.agentrelay.e2e.webhook;

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
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** A webhook as its owner and as its sender know it. Thread-safe. */
public final class SignedWebhook {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final RelayClient owner;
  private final String id;
  private final String secret;

  private SignedWebhook(RelayClient owner, JSONObject webhook) {
    this.owner = owner;
    this.id = webhook.getString("id");
    this.secret = webhook.getString("secret");
  }

  /** A new webhook of that runner that does so when the runner is offline. */
  public static SignedWebhook make(RelayClient owner, String runnerId, String whenOffline) {
    return make(
        owner,
        Json.object(
            "name", "ci", "source", "ci", "runnerId", runnerId, "whenOffline", whenOffline));
  }

  /** A new webhook of that form. */
  public static SignedWebhook make(RelayClient owner, JSONObject form) {
    return new SignedWebhook(
        owner,
        Json.objectAt(Json.parse(owner.send("POST", "/api/webhooks", form).body()), "webhook"));
  }

  /** The first of its owner's webhooks, with the secret that it has now. */
  public static SignedWebhook first(RelayClient owner) {
    JSONObject list = Json.parse(owner.send("GET", "/api/webhooks", null).body());
    return new SignedWebhook(owner, Json.arrayAt(list, "webhooks").getJSONObject(0));
  }

  /** Changes it, in its owner's name. */
  public void change(JSONObject form) {
    owner.send("PUT", path(), form);
  }

  /**
   * Fires it with the plain signature and waits for the answer.
   *
   * @param relay a replica, or the public address
   * @param senderId the sender's own name of the delivery
   * @throws UncheckedIOException when there is no answer
   */
  public HttpResponse<String> fire(URI relay, String senderId, String body) {
    return send(
        relay, body, Map.of("Idempotency-Key", senderId, "X-Webhook-Signature", signature(body)));
  }

  /**
   * Fires it with a stamped signature and waits for the answer.
   *
   * @throws UncheckedIOException when there is no answer
   */
  public HttpResponse<String> fireStamped(URI relay, String time, String nonce, String body) {
    return send(
        relay,
        body,
        Map.of(
            "X-Webhook-Timestamp",
            time,
            "X-Webhook-Nonce",
            nonce,
            "X-Webhook-Signature",
            signature(time + "." + nonce + "." + body)));
  }

  /** The whole ledger, newest first. */
  public List<JSONObject> ledger() {
    List<JSONObject> rows = new ArrayList<>();
    String cursor = null;
    do {
      JSONObject page = Json.parse(owner.send("GET", ledgerPath(cursor), null).body());
      JSONArray deliveries = Json.arrayAt(page, "deliveries");
      for (int i = 0; i < deliveries.length(); i++) {
        rows.add(deliveries.getJSONObject(i));
      }
      cursor = Json.text(page, "nextCursor");
    } while (cursor != null);
    return rows;
  }

  /** The states of all deliveries, newest first. */
  public List<String> states() {
    return ledger().stream().map(delivery -> delivery.getString("state")).toList();
  }

  private String ledgerPath(@Nullable String cursor) {
    String path = path() + "/deliveries?limit=200";
    return cursor == null ? path : path + "&cursor=" + cursor;
  }

  private String path() {
    return "/api/webhooks/" + id;
  }

  private HttpResponse<String> send(URI relay, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(relay + path() + "/fire"))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException unanswered) {
      throw new UncheckedIOException(unanswered);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(closed));
    }
  }

  private String signature(String text) {
    return WebhookSignature.of(text, secret);
  }
}
