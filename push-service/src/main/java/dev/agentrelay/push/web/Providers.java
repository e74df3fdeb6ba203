package dev.agentrelay.push.web;

import dev.agentrelay.push.PushConfig;
import dev.agentrelay.push.delivery.Attempt;
import dev.agentrelay.push.delivery.RetryAfter;
import dev.agentrelay.push.subscription.EndpointRule;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts to push providers. The address that a name resolves to is judged and then connected to, so
 * that a name cannot change in between; redirects are not followed; of an answer only the head
 * counts.
 */
@ApplicationScoped
class Providers {
  private static final int HTTPS = 443;
  private static final int MOST_ANSWER = 64 * 1024;

  private final Vertx vertx;
  private final EndpointRule rule;
  private final HostAddresses hosts;
  private final InstantSource clock;
  private final Duration timeout;
  private final Set<String> privateHosts;
  private final HttpClient usual;
  private final HttpClient own;

  Providers(
      Vertx vertx, EndpointRule rule, HostAddresses hosts, PushConfig config, InstantSource clock) {
    this.vertx = vertx;
    this.rule = rule;
    this.hosts = hosts;
    this.clock = clock;
    this.timeout = config.provider().timeout();
    this.privateHosts = config.provider().privateHosts().orElse(Set.of());
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setMaxPoolSize(config.provider().concurrency())
            .setConnectTimeout((int) timeout.toMillis())
            .setKeepAliveTimeout(30);
    this.usual = vertx.createHttpClient(options);
    this.own =
        config
            .provider()
            .certificates()
            .map(
                file ->
                    vertx.createHttpClient(
                        new HttpClientOptions(options)
                            .setTrustOptions(new PemTrustOptions().addCertPath(file.toString()))))
            .orElse(usual);
  }

  /** Posts a message and says what became of it. Blocks up to the configured time. */
  Attempt post(URI endpoint, Map<String, String> headers, byte[] body) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      InetAddress address = resolve(endpoint.getHost(), end);
      if (address == null) {
        return new Attempt.Impossible("the endpoint's host is private");
      }
      Future<HttpClientResponse> answer =
          client(endpoint)
              .request(options(endpoint, address, end))
              .compose(
                  request -> {
                    headers.forEach(request::putHeader);
                    return request
                        .send(Buffer.buffer(body))
                        .onSuccess(response -> discardBody(response, end));
                  });
      HttpClientResponse response = await(answer, end);
      return judge(response.statusCode(), response.getHeader("Retry-After"));
    } catch (TimeoutException late) {
      return new Attempt.Later("the provider did not answer in time", null, null);
    } catch (ExecutionException failure) {
      return new Attempt.Later("the provider was not reached", null, null);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Attempt.Later("the relay is stopping", null, null);
    }
  }

  private Attempt judge(int status, @Nullable String retryAfter) {
    if (status >= 200 && status < 300) {
      return new Attempt.Taken(status);
    }
    if (status == 404 || status == 410) {
      return new Attempt.Gone(status);
    }
    if (status == 429 || status >= 500) {
      Duration wish = RetryAfter.of(retryAfter, clock.instant());
      return new Attempt.Later("the provider is busy", status, wish);
    }
    return new Attempt.Refused(status);
  }

  private HttpClient client(URI endpoint) {
    return privateHosts.contains(endpoint.getHost().toLowerCase(Locale.ROOT)) ? own : usual;
  }

  private RequestOptions options(URI endpoint, InetAddress address, long end) {
    int port = endpoint.getPort() < 0 ? HTTPS : endpoint.getPort();
    String path = endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(endpoint.getHost())
        .setPort(port)
        .setURI(endpoint.getRawQuery() == null ? path : path + "?" + endpoint.getRawQuery())
        .setTimeout(Math.max(1, millisUntil(end)));
  }

  /** The host's first address when all may be sent to; {@code null} when one may not. */
  private @Nullable InetAddress resolve(String host, long end)
      throws ExecutionException, TimeoutException, InterruptedException {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    InetAddress[] addresses = hosts.of(name, Math.max(1, millisUntil(end)));
    for (InetAddress address : addresses) {
      if (!rule.allows(host, address)) {
        return null;
      }
    }
    return addresses[0];
  }

  /** Reads a short body, so that the connection can be used again; a long or slow one is cut. */
  private void discardBody(HttpClientResponse response, long end) {
    long[] received = {0};
    long limit = vertx.setTimer(Math.max(1, millisUntil(end)), late -> response.request().reset());
    response.exceptionHandler(lost -> vertx.cancelTimer(limit));
    response.endHandler(complete -> vertx.cancelTimer(limit));
    response.handler(
        part -> {
          received[0] += part.length();
          if (received[0] > MOST_ANSWER) {
            response.request().reset();
          }
        });
  }

  private static HttpClientResponse await(Future<HttpClientResponse> answer, long end)
      throws ExecutionException, TimeoutException, InterruptedException {
    return Objects.requireNonNull(
        answer
            .toCompletionStage()
            .toCompletableFuture()
            .get(Math.max(1, millisUntil(end)), TimeUnit.MILLISECONDS));
  }

  private static long millisUntil(long end) {
    return (end - System.nanoTime()) / 1_000_000;
  }
}
