package dev.agentrelay.benchmarks.driver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Browsers that have the list of sessions open and do nothing. For any thread but the driver's. */
public final class IdleHubs {
  private static final int CONNECTING_AT_ONCE = 64;
  private static final byte[] SESSIONS_PREFIX = Digits.ascii("42/hub,[\"sessions\",");

  private final Driver driver;
  private final int port;
  private final List<Connection> open = new ArrayList<>();
  private @Nullable String trouble;
  private int started;

  public IdleHubs(Driver driver, int port) {
    this.driver = driver;
    this.port = port;
  }

  /** Connects so many, 64 at a time; returns when each has its list of sessions. */
  public void connect(int count) {
    started = 0;
    driver.await(
        () -> {
          List<Future<Void>> lanes = new ArrayList<>();
          for (int i = 0; i < CONNECTING_AT_ONCE; i++) {
            lanes.add(connectNext(count));
          }
          return Future.all(lanes);
        });
  }

  /**
   * Makes sure that all are still connected.
   *
   * @throws DriverException when one is not
   */
  public void check() {
    String found = driver.ask(() -> String.valueOf(trouble));
    if (!found.equals("null")) {
      throw new DriverException(found);
    }
  }

  public void closeAll() {
    driver.await(
        () -> {
          open.forEach(Connection::close);
          open.clear();
          return Future.succeededFuture();
        });
  }

  private Future<Void> connectNext(int count) {
    if (started >= count) {
      return Future.succeededFuture();
    }
    started++;
    Promise<Void> listed = Promise.promise();
    Connection.Client hub =
        new Connection.Client() {
          @Override
          public void onEvent(byte[] array, int offset, int length) {
            if (Digits.startsWith(array, offset, length, SESSIONS_PREFIX)) {
              listed.tryComplete();
            }
          }

          @Override
          public void onLost(String why) {
            trouble = "A hub lost its socket: " + why;
            listed.tryFail(trouble);
          }
        };
    return Connection.open(driver, port, "/hub", hub)
        .onSuccess(open::add)
        .compose(connection -> listed.future())
        .compose(done -> connectNext(count));
  }
}
