package dev.agentrelay.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Part;
import dev.agentrelay.e2e.suite.SuiteTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;

/** Does something bad to the suite under load, and looks at what became of everybody. */
@Isolated
abstract class Drill extends SuiteTest {
  /** What operators are promised is far less; this is what even a busy machine can do. */
  private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

  /** What is done to the suite; what a fault is measured from is its end. */
  interface Fault {
    void happen();
  }

  /** The numbers of the repetitions, one unless {@code -Ddrills.times} says more. */
  static IntStream rounds() {
    return IntStream.rangeClosed(1, Integer.getInteger("drills.times", 1));
  }

  private final List<Part> parts = new ArrayList<>();

  /** A part of the suite that runs again after the test, whatever becomes of that. */
  Part part(String name) {
    Part part = suite.part(name);
    parts.add(part);
    return part;
  }

  @AfterEach
  void ensureAllUp() {
    parts.forEach(Part::ensureUp);
  }

  /** Ends a part as a crash does and starts it again. */
  Fault crashOf(Part part) {
    return () -> {
      part.kill();
      part.start();
    };
  }

  /** Lets a fault last for so long. */
  static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await().atMost(time.multipliedBy(2)).until(() -> System.nanoTime() > end);
  }

  /** Has the fault happen under an ordinary load. */
  void survive(String name, Fault fault) {
    try (Load load = Load.through(suite, me, Load.Size.ORDINARY)) {
      survive(name, load, fault);
    }
  }

  void survive(String name, Load load, Fault fault) {
    load.start();
    long began = System.nanoTime();
    fault.happen();
    long over = System.nanoTime();
    load.awaitSight();
    Duration back = Duration.ofNanos(System.nanoTime() - over);
    load.awaitAnswers();
    Duration answering = Duration.ofNanos(System.nanoTime() - over);
    Duration gap = load.longestGap();
    load.settle();
    System.out.printf(
        Locale.ROOT,
        "DRILL %s: fault %.1f s, everybody back %.1f s after it and every call answered %.1f s"
            + " after it, longest gap of a viewer %.1f s,"
            + " %d events asked again; triggers %d accepted, %d repeats, %d unanswered;"
            + " webhooks %d accepted, %d repeats, %d unanswered, %d sessions asked for twice;"
            + " requests through the tunnel %d answered, %d repeats%n",
        name,
        seconds(Duration.ofNanos(over - began)),
        seconds(back),
        seconds(answering),
        seconds(gap),
        load.viewers.stream().mapToInt(LoadViewer::gaps).sum(),
        load.triggers.accepted().size(),
        load.triggers.repeats(),
        load.triggers.failed().size(),
        load.fires.accepted().size(),
        load.fires.repeats(),
        load.fires.failed().size(),
        load.started.askedTwice(),
        load.requests.accepted().size(),
        load.requests.repeats());
    List<String> findings = new ArrayList<>(Findings.of(load));
    if (answering.compareTo(BACK_WITHIN) > 0) {
      findings.add("everything is as before only after %.1f s".formatted(seconds(answering)));
    }
    try {
      load.leave();
    } catch (ConditionTimeoutException left) {
      findings.add(left.getMessage());
    }
    DrillReports.add(suite, name, back, gap, findings);
    assertThat(findings).as(name).isEmpty();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
