package dev.agentrelay.testkit.stores;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;

/** A Postgres server with one database named {@code relay}. */
public final class PostgresStore implements Store {
  /** The user clients log in as. */
  public static final String USERNAME = "postgres";

  private static final String DATABASE = "relay";

  private final StoreProcess process;
  private final Path cluster;
  private final Path programs;
  private final Path log;
  private final int port;
  private final String password;

  private PostgresStore(
      StoreProcess process, Path cluster, Path programs, Path log, int port, String password) {
    this.process = process;
    this.cluster = cluster;
    this.programs = programs;
    this.log = log;
    this.port = port;
    this.password = password;
  }

  /** Starts a throwaway server whose files lie in {@code dataFolder}. */
  public static PostgresStore start(Path dataFolder, int port) {
    return start(dataFolder, port, StoreOptions.throwaway());
  }

  /**
   * Starts a server on data from an earlier run or on a fresh cluster.
   *
   * @throws StoreException when it cannot be started
   */
  public static PostgresStore start(Path dataFolder, int port, StoreOptions options) {
    Path programs = StoreBinaries.postgres().resolve("bin");
    Path cluster = dataFolder.resolve("cluster");
    Path log = dataFolder.resolve("postgres.log");
    String password = options.password().orElse("");
    try {
      Files.createDirectories(dataFolder);
      if (!Files.exists(cluster.resolve("PG_VERSION"))) {
        createCluster(programs, cluster, log, options);
      }
    } catch (IOException failure) {
      throw new StoreException("Postgres cannot use " + dataFolder + ": " + failure, failure);
    }
    StoreProcess process =
        StoreProcess.start("Postgres", serverCommand(programs, cluster, port, options), log);
    PostgresStore store = new PostgresStore(process, cluster, programs, log, port, password);
    process.awaitReady(() -> store.answers());
    createDatabase(store.url("postgres"), password, DATABASE);
    return store;
  }

  /**
   * Creates a database unless it is there.
   *
   * @param serverUrl JDBC URL of any database of that server
   */
  public static void createDatabase(String serverUrl, String password, String name) {
    if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException("not a plain database name: " + name);
    }
    try (Connection connection = connect(serverUrl, password);
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException failure) {
      throw new StoreException(
          "database " + name + " could not be created: " + failure.getMessage(), failure);
    }
  }

  /** The JDBC URL of the database {@code relay}. */
  @Override
  public String url() {
    return url(DATABASE);
  }

  /** The JDBC URL of another database of this server. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Empty when the server asks for none. */
  public String password() {
    return password;
  }

  @Override
  public ProcessHandle process() {
    return process.handle();
  }

  @Override
  public void close() {
    if (!process.handle().isAlive()) {
      return;
    }
    // A plain SIGTERM would wait for every client to leave.
    StoreProcess.start(
            "Postgres stop",
            asOrdinaryUser(
                programs.resolve("pg_ctl").toString(),
                "stop",
                "-D",
                cluster.toString(),
                "-m",
                "fast",
                "-t",
                "9"),
            log)
        .awaitEnd();
    process.awaitEnd();
  }

  private static void createCluster(Path programs, Path cluster, Path log, StoreOptions options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(programs.resolve("initdb").toString());
    // The built-in locale sorts alike on every machine.
    command.addAll(List.of("-D", cluster.toString(), "-U", USERNAME, "-E", "UTF8", "--locale=C"));
    command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    if (!options.durable()) {
      command.add("--no-sync");
    }
    Path passwordFile =
        Files.createTempFile(
            cluster.toAbsolutePath().getParent(),
            "pw",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      if (options.password().isPresent()) {
        Files.writeString(passwordFile, options.password().get());
        command.addAll(List.of("-A", "scram-sha-256", "--pwfile=" + passwordFile));
      } else {
        command.addAll(List.of("-A", "trust"));
      }
      StoreProcess.run("Postgres initdb", asOrdinaryUser(command.toArray(String[]::new)), log);
    } finally {
      Files.deleteIfExists(passwordFile);
    }
  }

  private static List<String> serverCommand(
      Path programs, Path cluster, int port, StoreOptions options) {
    List<String> command = new ArrayList<>();
    command.add(programs.resolve("postgres").toString());
    command.addAll(List.of("-D", cluster.toString(), "-p", Integer.toString(port)));
    List<String> settings =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=200",
                "shared_buffers=32MB",
                "jit=off",
                "timezone=UTC",
                "log_timezone=UTC"));
    if (!options.durable()) {
      settings.addAll(List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off"));
    }
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    return asOrdinaryUser(command.toArray(String[]::new));
  }

  /** Postgres refuses to run as root; a user namespace of its own makes it an ordinary user. */
  private static List<String> asOrdinaryUser(String... command) {
    List<String> whole = new ArrayList<>();
    if (LinuxUtils.isUnshareAvailable()) {
      whole.addAll(List.of("unshare", "-U"));
    }
    whole.addAll(List.of(command));
    return whole;
  }

  private boolean answers() throws SQLException {
    try (Connection connection = connect(url("postgres"), password)) {
      return connection.isValid(1);
    }
  }

  private static Connection connect(String url, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", USERNAME);
    login.setProperty("password", password);
    login.setProperty("connectTimeout", "2");
    login.setProperty("loginTimeout", "5"); // whatever holds the port may never answer
    // Not by DriverManager, which sees the drivers of another class loader in a Quarkus test.
    for (Driver driver : ServiceLoader.load(Driver.class, PostgresStore.class.getClassLoader())) {
      Connection connection = driver.connect(url, login);
      if (connection != null) {
        return connection;
      }
    }
    throw new SQLException("no driver for " + url);
  }
}
