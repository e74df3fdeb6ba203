package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.signUp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class SignInCostTest {
  private static final Logger LOG = Logger.getLogger(SignInCostTest.class);

  private static int signIn(String email) {
    return call()
        .body(Map.of("email", email, "password", "Wrong-Passw0rd"))
        .post("/api/auth/sign-in/email")
        .statusCode();
  }

  private static Duration timed(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static Duration quantile(List<Duration> times, double share) {
    List<Duration> sorted = times.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(sorted.size() * share)));
  }

  @Test
  void timeDoesNotTellWhetherThereIsAnAccount() {
    String known = freshEmail();
    signUp(known);
    signIn(known);
    List<Duration> ofKnown = new ArrayList<>();
    List<Duration> ofUnknown = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      ofKnown.add(timed(() -> signIn(known)));
      ofUnknown.add(timed(() -> signIn(freshEmail())));
    }
    Duration one = quantile(ofKnown, 0.5);
    Duration other = quantile(ofUnknown, 0.5);
    LOG.infof("a sign-in is refused in %s for a known account, in %s for none", one, other);
    assertThat(other).isBetween(one.dividedBy(2), one.multipliedBy(2));
  }

  /** The bar is 100 ms; a machine that is busy with other things is given ten times that. */
  @Test
  void manySignInsAtOnceHoldUpNobodyElse() {
    String email = freshEmail();
    signUp(email);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Integer>> signIns =
          IntStream.range(0, 50)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> signIn(email), threads))
              .toList();
      List<Duration> others = new ArrayList<>();
      while (!signIns.stream().allMatch(CompletableFuture::isDone)) {
        others.add(timed(() -> call().get("/api/auth/ok").then().statusCode(200)));
      }
      Duration p99 = quantile(others, 0.99);
      LOG.infof("%d other requests meanwhile: p99 %s", others.size(), p99);
      assertThat(signIns).allSatisfy(done -> assertThat(done.join()).isEqualTo(401));
      assertThat(p99).isLessThan(Duration.ofSeconds(1));
    }
  }
}
