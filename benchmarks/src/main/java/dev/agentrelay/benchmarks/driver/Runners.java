package dev.agentrelay.benchmarks.driver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** Many runner daemons that only stay registered. For any thread but the driver's. */
public final class Runners {
  private static final byte[] REGISTERED_PREFIX = Digits.ascii("42/runner,[\"runner_registered\",");

  private final Driver driver;
  private final int port;
  private final List<Connection> open = new ArrayList<>();

  public Runners(Driver driver, int port) {
    this.driver = driver;
    this.port = port;
  }

  /** The runner of that number, from 0 on. */
  public static String id(int number) {
    return "benchmark-runner-" + number;
  }

  /** Connects so many at the same moment; returns when each is registered. */
  public void connect(int count) {
    driver.await(
        () -> {
          List<Future<Void>> registered = new ArrayList<>();
          for (int number = 0; number < count; number++) {
            registered.add(register(id(number)));
          }
          return Future.all(registered);
        });
  }

  /** Cuts all connections. */
  public void closeAll() {
    driver.await(
        () -> {
          open.forEach(Connection::close);
          open.clear();
          return Future.succeededFuture();
        });
  }

  private Future<Void> register(String id) {
    Promise<Void> registered = Promise.promise();
    Connection.Client runner =
        new Connection.Client() {
          @Override
          public void onEvent(byte[] array, int offset, int length) {
            if (Digits.startsWith(array, offset, length, REGISTERED_PREFIX)) {
              registered.tryComplete();
            }
          }

          @Override
          public void onLost(String why) {
            registered.tryFail("A runner lost its socket: " + why);
          }
        };
    return Connection.open(driver, port, "/runner", runner)
        .compose(
            connection -> {
              open.add(connection);
              connection.emit(
                  "register_runner",
                  "{\"runnerId\":\"%s\",\"runnerSecret\":\"%s\",\"name\":\"%s\",\"roots\":[]}"
                      .formatted(id, id, id));
              return registered.future();
            });
  }
}
