package dev.agentrelay.push.ntfy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.push.PushConfig;
import dev.agentrelay.push.delivery.Attempt;
import dev.agentrelay.push.delivery.Channel;
import dev.agentrelay.push.delivery.Delivery;
import dev.agentrelay.push.delivery.RetryAfter;
import dev.agentrelay.push.delivery.Sender;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Publishes a notification on the ntfy server that the operator has named (rest.md 7.4). */
@ApplicationScoped
public class NtfySender implements Sender {
  private static final int HIGH = 4;
  private static final int USUAL = 3;

  private static final Set<String> SCHEMES = Set.of("http", "https");

  private final PushConfig.Ntfy config;
  private final URI publicUrl;
  private final NativeRegistrations registrations;
  private final ObjectMapper json;
  private final InstantSource clock;
  private final Duration timeout;
  private final HttpClient http;

  NtfySender(
      PushConfig config,
      RelayConfig relay,
      NativeRegistrations registrations,
      ObjectMapper json,
      InstantSource clock) {
    this.config = config.ntfy();
    this.timeout = config.provider().timeout();
    this.http =
        HttpClient.newBuilder()
            // servers behind a simple proxy do not know the offer of HTTP/2 without TLS
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
    this.publicUrl = relay.publicAddress().url();
    this.registrations = registrations;
    this.json = json;
    this.clock = clock;
  }

  /** A server without an address cannot be published to: it stops the start. */
  void check(@Observes StartupEvent event) {
    config.url().ifPresent(NtfySender::check);
    config.publicUrl().ifPresent(NtfySender::check);
  }

  static void check(URI address) {
    if (address.getHost() == null || !SCHEMES.contains(address.getScheme())) {
      throw new IllegalStateException(
          "the address of an ntfy server is http(s)://host, not " + address);
    }
  }

  @Override
  public Channel channel() {
    return Channel.NTFY;
  }

  @Override
  public Attempt send(Delivery delivery) {
    Optional<URI> url = config.url();
    if (url.isEmpty()) {
      return new Attempt.Impossible("native push is not configured");
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.get())
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(message(delivery)));
    config.publishToken().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    // the request's own limit ends with the head of the answer
    CompletableFuture<HttpResponse<Void>> sent =
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
    try {
      HttpResponse<Void> answer = sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return judge(delivery, answer);
    } catch (ExecutionException | TimeoutException unreachable) {
      sent.cancel(true);
      return new Attempt.Later("the ntfy server was not reached", null, null);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Attempt.Later("the relay is stopping", null, null);
    }
  }

  private Attempt judge(Delivery delivery, HttpResponse<Void> answer) {
    int status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return new Attempt.Taken(status);
    }
    if (status == 403 || status == 404) {
      registrations.forget(delivery.target());
      return new Attempt.Gone(status);
    }
    if (status == 429 || status >= 500) {
      String wish = answer.headers().firstValue("Retry-After").orElse(null);
      return new Attempt.Later(
          "the ntfy server is busy", status, RetryAfter.of(wish, clock.instant()));
    }
    return new Attempt.Refused(status);
  }

  /** The device shows one conversation for each session, by title and link. */
  private String message(Delivery delivery) {
    JsonNode payload;
    try {
      payload = json.readTree(delivery.payload());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("payloads are written as JSON", e);
    }
    ObjectNode message =
        json.createObjectNode()
            .put("topic", delivery.target())
            .put("title", payload.path("sessionName").asText())
            .put("message", payload.path("body").asText())
            .put("priority", delivery.type().urgent() ? HIGH : USUAL);
    message.putArray("tags").add("pizza");
    String session = URLEncoder.encode(delivery.session().value(), StandardCharsets.UTF_8);
    return message.put("click", withoutSlash(publicUrl) + "/session/" + session).toString();
  }

  private static String withoutSlash(URI url) {
    String text = url.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
