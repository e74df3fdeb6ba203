package dev.agentrelay.gateway.replica;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.TestingSessionService;
import dev.agentrelay.gateway.TestingTriggerService;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.replica.BuiltReplica;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Two gateways under the names {@code one} and {@code other}, their stores and other services. */
final class Surroundings {
  static final Duration SWEEP_EVERY = Duration.ofMillis(500);

  private static final Pattern SCANS = Pattern.compile("cmdstat_sscan:calls=(\\d+)");

  private static @Nullable Surroundings running;

  private final IdentityTestResource identities = new IdentityTestResource();
  private final TestingTriggerService triggers = new TestingTriggerService();
  private final TestingSessionService sessions = new TestingSessionService();
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, String> settings = new HashMap<>();
  private final Map<String, BuiltReplica> replicas = new HashMap<>();
  private final Redis redis;

  private Surroundings() {
    settings.putAll(new StoresTestResource().start());
    settings.putAll(identities.start());
    settings.putAll(triggers.start());
    settings.putAll(sessions.start());
    settings.put("relay.gateway.sweep-every", SWEEP_EVERY.toString());
    settings.put("relay.gateway.orphan-after", "3s");
    settings.put("relay.gateway.replica-grace", "3s");
    redis = Redis.createClient(vertx, String.valueOf(settings.get("quarkus.redis.hosts")));
  }

  /** Those of this JVM, which end with it. */
  static synchronized Surroundings running() {
    if (running == null) {
      running = new Surroundings();
      Runtime.getRuntime().addShutdownHook(new Thread(running::close, "stop-gateways"));
    }
    return running;
  }

  /** Starts what does not run, under the names that were there before. */
  void startAll() {
    for (String name : new String[] {"one", "other"}) {
      replicas.computeIfAbsent(name, this::start);
    }
    replicas.values().forEach(BuiltReplica::awaitReady);
  }

  private BuiltReplica start(String name) {
    Map<String, String> own = new HashMap<>(settings);
    own.put("relay.replica.id", name);
    own.put("relay.log.json", "true");
    return BuiltReplica.start(name, own);
  }

  /** Ends a gateway without a chance to tidy up. */
  void kill(String name) {
    Objects.requireNonNull(replicas.remove(name)).kill();
  }

  /** What a gateway has logged so far. */
  List<String> log(String name) {
    try {
      return Files.readAllLines(Path.of("target", "replicas", name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A user's clients of one gateway. */
  ClientOptions at(String name, UserId user) {
    return ClientOptions.of(Objects.requireNonNull(replicas.get(name)).url())
        .withApiKey(TestingIdentities.apiKey(user));
  }

  /** The gateway that runs a sweep, if one does just now. */
  @Nullable String sweeper(String sweep) {
    Response holder = send(Request.cmd(Command.GET).arg(LiveKeys.sweepLease(sweep)));
    return holder == null ? null : holder.toString();
  }

  /** How often sets were scanned, which only sweeps do. */
  long scans() {
    String all = String.valueOf(send(Request.cmd(Command.INFO).arg("commandstats")));
    Matcher scans = SCANS.matcher(all);
    return scans.find() ? Long.parseLong(scans.group(1)) : 0;
  }

  /** Whether a gateway of that name was running a moment ago. */
  boolean isKnown(String name) {
    Response known = send(Request.cmd(Command.EXISTS).arg(LiveKeys.replica(new ReplicaId(name))));
    return known != null && known.toLong() == 1;
  }

  private @Nullable Response send(Request request) {
    return redis.send(request).toCompletionStage().toCompletableFuture().join();
  }

  /** Nobody is left of whom they would have to take leave. */
  private void close() {
    replicas.values().forEach(BuiltReplica::kill);
    redis.close();
    vertx.close();
    sessions.stop();
    triggers.stop();
    identities.stop();
  }
}
