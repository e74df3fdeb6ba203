package dev.agentrelay.platform.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What means that it is worth coming back. */
class StoreFailuresTest {
  @ParameterizedTest
  @CsvSource({
    "LOADING Redis is loading the dataset in memory, true",
    "READONLY You can't write against a read only replica., true",
    "OOM command not allowed when used memory > 'maxmemory'., true",
    "WRONGTYPE Operation against a key holding the wrong kind of value, false",
    "ERR unknown command, false"
  })
  void redisIsAwayWhenItSaysNotNow(String words, boolean away) {
    Throwable failure = new CompletionException(ErrorType.create(words));
    assertThat(StoreFailures.isStoreAway(failure)).isEqualTo(away);
  }

  @Test
  void aConnectionThatBreaksIsAStoreThatIsAway() {
    assertThat(StoreFailures.isStoreAway(new IOException(new SocketException("Connection reset"))))
        .isTrue();
    assertThat(StoreFailures.isStoreAway(new IOException("no such file"))).isFalse();
  }
}
