package dev.agentrelay.platform.error;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.redis.client.impl.types.ErrorType;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells a store that cannot be reached from one that refuses, and both from a fault of ours. */
public final class StoreFailures {
  private static final int DEEPEST_CAUSE = 10;

  /** What Redis says while it starts, changes its master, or has no memory left. */
  private static final Set<String> REDIS_NOT_NOW =
      Set.of("LOADING", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "OOM");

  private StoreFailures() {}

  /** Whether Postgres refused a text that it cannot hold: one with a zero character. */
  static boolean isTextRefused(Throwable failure) {
    return hasCause(
        failure, cause -> cause instanceof SQLException sql && "22021".equals(sql.getSQLState()));
  }

  /** Whether Postgres has no room left on its disk. */
  public static boolean isStoreFull(Throwable failure) {
    return hasCause(
        failure, cause -> cause instanceof SQLException sql && "53100".equals(sql.getSQLState()));
  }

  /** Whether a store cannot be reached or is overloaded: trying again helps. */
  public static boolean isStoreAway(Throwable failure) {
    return hasCause(failure, StoreFailures::saysAway);
  }

  private static boolean hasCause(Throwable failure, Predicate<Throwable> searched) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (searched.test(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Whether the store will never take what it was given: data it cannot hold, or forbids. */
  public static boolean isForGood(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23");
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean saysAway(Throwable cause) {
    return switch (cause) {
      case StoreAwayException away -> true;
      case SocketException refusedOrReset -> true;
      case ClosedChannelException closed -> true;
      case TimeoutException late -> true;
      case io.smallrye.mutiny.TimeoutException late -> true;
      case org.apache.kafka.common.errors.TimeoutException late -> true;
      case ConnectionPoolTooBusyException full -> true;
      case SQLTransientConnectionException lost -> true;
      case ErrorType redis -> REDIS_NOT_NOW.stream().anyMatch(redis::is);
      case SQLException sql -> isConnectionState(sql.getSQLState(), sql.getMessage());
      default -> "Connection is closed".equalsIgnoreCase(cause.getMessage());
    };
  }

  /** Class 08 is a lost connection, 57P a server going down, 53300 one with no room left. */
  private static boolean isConnectionState(@Nullable String state, @Nullable String message) {
    if (state == null) {
      // The pool gives no state when no connection came free in time, and words it in two ways.
      return message != null && message.toLowerCase(Locale.ROOT).contains("acquisition timeout");
    }
    return state.startsWith("08") || state.startsWith("57P") || state.equals("53300");
  }
}
