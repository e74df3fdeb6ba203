package dev.agentrelay.testkit.replica;

import dev.agentrelay.testkit.stores.FreePorts;
import io.quarkus.bootstrap.app.RunningQuarkusApplication;
import io.quarkus.bootstrap.app.StartupAction;
import io.quarkus.bootstrap.classloading.QuarkusClassLoader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The service of a running {@code @QuarkusTest} once more, on the same stores and a port of its
 * own. It shares nothing with the first but the JVM: its classes are loaded anew.
 */
public final class SecondReplica implements AutoCloseable {
  private static final List<String> SHARED =
      List.of(
          "quarkus.datasource.jdbc.url",
          "quarkus.datasource.username",
          "quarkus.datasource.password",
          "quarkus.redis.hosts",
          "kafka.bootstrap.servers",
          "relay.auth.url");

  private final RunningQuarkusApplication application;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SecondReplica(RunningQuarkusApplication application, int port) {
    this.application = application;
    this.port = port;
  }

  /** Starts it; returns when it serves. To be called by a test's thread. */
  public static SecondReplica start() {
    int port = FreePorts.next();
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.http.test-port", String.valueOf(port));
    Config first = ConfigProvider.getConfig();
    for (String name : SHARED) {
      first.getOptionalValue(name, String.class).ifPresent(value -> settings.put(name, value));
    }
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    try {
      StartupAction startup =
          ((QuarkusClassLoader) own)
              .getCuratedApplication()
              .createAugmentor()
              .createInitialRuntimeApplication();
      startup.overrideConfig(settings);
      return new SecondReplica(startup.run(), port);
    } catch (Exception e) {
      throw new IllegalStateException("the second replica did not start", e);
    } finally {
      thread.setContextClassLoader(own);
    }
  }

  /** Where it serves on loopback. */
  public int port() {
    return port;
  }

  /** Ends it as an operator does; a second time does nothing. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    try {
      application.close();
    } catch (Exception e) {
      throw new IllegalStateException("the second replica did not stop", e);
    } finally {
      thread.setContextClassLoader(own);
    }
  }
}
