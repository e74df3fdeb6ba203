package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.LauncherException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the services find their stores, in the words of their settings. */
public final class StoreAddresses {
  private final Map<String, String> settings = new LinkedHashMap<>();

  /** A Postgres that the launcher started. */
  public synchronized void postgres(String jdbcUrl, String username, String password) {
    settings.put("QUARKUS_DATASOURCE_JDBC_URL", jdbcUrl);
    settings.put("QUARKUS_DATASOURCE_USERNAME", username);
    settings.put("QUARKUS_DATASOURCE_PASSWORD", password);
  }

  /**
   * A Postgres of somebody else.
   *
   * @param url {@code postgres://user:password@host:port/database} or a JDBC URL with both as
   *     parameters
   * @throws LauncherException when it is neither
   */
  public void postgres(String url) {
    if (url.startsWith("jdbc:postgresql:")) {
      postgres(url, "", "");
      settings.values().removeIf(String::isEmpty);
      return;
    }
    try {
      URI uri = URI.create(url.replaceFirst("^postgres(ql)?:", "postgres:"));
      String login = uri.getUserInfo() == null ? "" : uri.getUserInfo();
      int colon = login.indexOf(':');
      if (uri.getScheme().equals("postgres") && uri.getHost() != null && colon > 0) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        postgres(
            "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query,
            login.substring(0, colon),
            login.substring(colon + 1));
        return;
      }
    } catch (IllegalArgumentException broken) {
      // Said below; the URL holds a password and is not shown.
    }
    throw new LauncherException(
        "RELAY_POSTGRES_URL must look like postgres://user:password@host:5432/database.");
  }

  public synchronized void redis(String url) {
    settings.put("QUARKUS_REDIS_HOSTS", url);
  }

  public synchronized void kafka(String servers) {
    settings.put("KAFKA_BOOTSTRAP_SERVERS", servers);
  }

  synchronized Map<String, String> settings() {
    return Map.copyOf(settings);
  }
}
