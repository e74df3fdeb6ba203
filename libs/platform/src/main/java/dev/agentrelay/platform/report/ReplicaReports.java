package dev.agentrelay.platform.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the reports of all replicas in Redis, each for as long as its replica repeats it. */
@ApplicationScoped
public class ReplicaReports {
  /** How often a replica reports; one that has missed three is no longer listed. */
  static final Duration EVERY = Duration.ofSeconds(5);

  private static final Duration KEPT = EVERY.multipliedBy(3);

  /** Sorted set of the replicas' names by the time of their last report, in epoch milliseconds. */
  private static final String NAMES = "relay:reports";

  private final ReactiveRedisDataSource redis;
  private final ObjectMapper json;

  ReplicaReports(ReactiveRedisDataSource redis, ObjectMapper json) {
    this.redis = redis;
    this.json = json;
  }

  /** Replaces what that replica has said before. */
  Uni<Void> write(ReplicaReport report) {
    String name = report.service() + "/" + report.replica();
    long now = System.currentTimeMillis();
    return redis
        .execute("SET", key(name), text(report), "PX", Long.toString(KEPT.toMillis()))
        .chain(() -> redis.execute("ZADD", NAMES, Long.toString(now), name))
        .chain(() -> redis.execute("ZREMRANGEBYSCORE", NAMES, "-inf", before(now)))
        .replaceWithVoid();
  }

  /** The latest report of each running replica, by service and replica. */
  public Uni<List<ReplicaReport>> all() {
    return redis
        .execute("ZRANGEBYSCORE", NAMES, before(System.currentTimeMillis()), "+inf")
        .chain(names -> read(words(names)));
  }

  private Uni<List<ReplicaReport>> read(List<String> names) {
    if (names.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    List<Uni<Response>> reads =
        names.stream().sorted().map(name -> redis.execute("GET", key(name))).toList();
    return Uni.join().all(reads).andFailFast().map(this::reports);
  }

  private List<ReplicaReport> reports(List<@Nullable Response> found) {
    List<ReplicaReport> reports = new ArrayList<>();
    for (Response each : found) {
      if (each != null) {
        reports.add(parse(each.toString()));
      }
    }
    return reports;
  }

  private static List<String> words(@Nullable Response names) {
    List<String> words = new ArrayList<>();
    if (names != null) {
      names.forEach(name -> words.add(name.toString()));
    }
    return words;
  }

  private static String key(String name) {
    return "relay:report:" + name;
  }

  private static String before(long now) {
    return Long.toString(now - KEPT.toMillis());
  }

  private String text(ReplicaReport report) {
    try {
      return json.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report is always JSON", e);
    }
  }

  private ReplicaReport parse(String text) {
    try {
      return json.readValue(text, ReplicaReport.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report that nobody of the relay wrote", e);
    }
  }
}
