package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.ProcessUse;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.PostgresStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The first page of one user's sessions, with few and with very many that have ended. */
public final class SessionList implements Scenario {
  private static final String NAME = "GET /api/sessions, first page, 16 connections";
  private static final int CONNECTIONS = 16;

  /** Somebody who has no session that other scenarios have left behind. */
  private static final UserId USER = new UserId("somebody-with-a-past");

  private static final String ENDED_SESSIONS =
      """
      insert into session.sessions (session_id, user_id, cwd, share_url, started_at,
        last_active_at, ended_at, ephemeral, session_name, runner_id, runner_name, epoch,
        registered_at)
      select 'ended-' || n, ?, '/benchmark', 'http://localhost/session/ended-' || n,
        now() - n * interval '1 minute', now() - n * interval '1 minute',
        now() - n * interval '1 minute', false, 'Session ' || n, 'runner', 'runner', 1,
        now() - n * interval '1 minute'
      from generate_series(?, ?) n
      """;

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica service = bench.suite().start("session-service", "sessions", Map.of())) {
      HttpLoad load = new HttpLoad(service.port(), CONNECTIONS);
      byte[] request =
          HttpRequests.request(
              "GET",
              "/api/sessions?includePersisted=1&limit=50",
              Map.of("x-api-key", TestingIdentities.apiKey(USER)),
              new byte[0]);
      end(bench, 1, 100);
      bench.say("warming up");
      load.runFor(bench.warmUpTime(), number -> request);
      List<Run> hundred = measure(bench, service, load, request);
      end(bench, 101, 10_000);
      List<Run> tenThousand = measure(bench, service, load, request);
      end(bench, 10_001, 100_000);
      List<Run> hundredThousand = measure(bench, service, load, request);
      return List.of(
          Figure.atLeast(NAME, "requests/s, 10,000 sessions", rates(tenThousand), 1_500, ""),
          Figure.atMost(
              NAME,
              "p99, 10,000 sessions",
              tenThousand.stream().map(run -> run.answers().millis(99)).toList(),
              25,
              "ms"),
          Figure.information(
              NAME,
              "CPU per request, 10,000 sessions, service + Postgres",
              tenThousand.stream().map(Run::cost).toList()),
          Figure.information(NAME, "requests/s, 100 sessions", shown(hundred)),
          Figure.information(NAME, "requests/s, 100,000 sessions", shown(hundredThousand)));
    }
  }

  /** One window. */
  private record Run(HttpLoad.Result answers, Duration service, Duration postgres) {
    String cost() {
      return "%.0f µs (%.0f + %.0f)"
          .formatted(micros(service.plus(postgres)), micros(service), micros(postgres));
    }

    private double micros(Duration cpu) {
      return cpu.toNanos() / 1e3 / Math.max(1, answers.count());
    }
  }

  private static List<Run> measure(Bench bench, Replica service, HttpLoad load, byte[] request) {
    return bench.runs(
        () -> {
          Duration serviceBefore = ProcessUse.cpu(service.pid());
          Duration postgresBefore = cpuOfPostgres(bench);
          HttpLoad.Result answers = load.runFor(bench.window(), number -> request).allAnswered(200);
          return new Run(
              answers,
              ProcessUse.cpu(service.pid()).minus(serviceBefore),
              cpuOfPostgres(bench).minus(postgresBefore));
        });
  }

  /** Each of its connections has a process of its own; those of the service's pool stay. */
  private static Duration cpuOfPostgres(Bench bench) {
    return bench
        .suite()
        .postgres()
        .process()
        .descendants()
        // its housekeepers come and go
        .map(backend -> backend.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static List<Double> rates(List<Run> runs) {
    return runs.stream().map(run -> run.answers().perSecond()).toList();
  }

  private static List<String> shown(List<Run> runs) {
    return rates(runs).stream().map(rate -> "%,.0f".formatted(rate)).toList();
  }

  /** Straight into the table: to bring them about by sockets would take hours. */
  private static void end(Bench bench, int from, int to) {
    PostgresStore postgres = bench.suite().postgres();
    try (Connection database =
            DriverManager.getConnection(
                postgres.url(), PostgresStore.USERNAME, postgres.password());
        PreparedStatement insert = database.prepareStatement(ENDED_SESSIONS);
        Statement analyze = database.createStatement()) {
      insert.setString(1, USER.value());
      insert.setInt(2, from);
      insert.setInt(3, to);
      insert.executeUpdate();
      analyze.execute("analyze session.sessions");
    } catch (SQLException failure) {
      throw new IllegalStateException("the sessions could not be made", failure);
    }
  }
}
