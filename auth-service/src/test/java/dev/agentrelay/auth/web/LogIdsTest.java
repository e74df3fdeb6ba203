package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.platform.error.ErrorMappers;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

/** What log lines tell of the request that they belong to. */
@QuarkusTest
@RealStores
class LogIdsTest {

  /** Keeps the ids of each line. */
  private static final class Ids extends Handler {
    final Queue<Map<String, String>> seen = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord line) {
      seen.add(ExtLogRecord.wrap(line).getMdcCopy());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aLineNamesTheRequestAndWhatItIsAbout() {
    Logger logger = Logger.getLogger(ErrorMappers.class.getName());
    Ids ids = new Ids();
    logger.addHandler(ids);
    try {
      call()
          .header("X-Request-Id", "from-the-proxy")
          .get("/failing/bug")
          .then()
          .statusCode(500)
          .header("X-Request-Id", equalTo("from-the-proxy"));
    } finally {
      logger.removeHandler(ids);
    }
    assertThat(ids.seen)
        .anySatisfy(line -> assertThat(line).containsEntry("request", "from-the-proxy"));
  }

  @Test
  void anIdThatIsNoneIsReplaced() {
    call()
        .header("X-Request-Id", "spaces are no good")
        .get("/api/signup-status")
        .then()
        .header("X-Request-Id", matchesPattern("[0-9a-f-]{36}"));
  }
}
