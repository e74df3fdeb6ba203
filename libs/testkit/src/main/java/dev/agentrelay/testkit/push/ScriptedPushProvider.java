package dev.agentrelay.testkit.push;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.agentrelay.testkit.clients.Inbox;
import dev.agentrelay.testkit.stores.TemporaryFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A push provider on https at {@code localhost}: takes what is posted, and answers as each
 * endpoint's script says. Thread-safe.
 */
public final class ScriptedPushProvider implements AutoCloseable {
  private static final String PASSWORD = "only-for-tests";
  private static final String CERTIFICATE = "certificate.pem";
  private static final int KEYTOOL_SECONDS = 60;
  private static final int DRIP_MILLIS = 50;

  private final HttpsServer server;
  private final Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Inbox<Posted> inbox = new Inbox<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** One message as it came. */
  public static final class Posted {
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;

    private Posted(String path, Map<String, String> headers, byte[] body) {
      this.path = path;
      this.headers = headers;
      this.body = body;
    }

    public String path() {
      return path;
    }

    /** By their names in lower case. */
    public Map<String, String> headers() {
      return headers;
    }

    /** Who says that it comes from him. */
    public VapidHeader vapid() {
      return VapidHeader.parse(headers.getOrDefault("authorization", ""));
    }

    /** What it says to whoever has the keys. */
    public String decrypt(BrowserKeys keys) {
      return keys.decrypt(body);
    }
  }

  /** What an endpoint answers. */
  public interface Script {
    /** Answers one message; may take its time. */
    void answer(Reply reply) throws IOException;
  }

  /** The answer that a script gives. */
  public interface Reply {
    /** Sends a status with one header, or none where its name is blank. */
    void send(int status, String header, String value) throws IOException;

    /** Waits until the provider is closed; the caller gets no answer. */
    void hang();

    /** Answers with a body that never ends, as fast as it is read. */
    void flood() throws IOException;

    /** Answers with a body that never ends, a byte at a time. */
    void drip() throws IOException;
  }

  private ScriptedPushProvider(HttpsServer server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /** Starts on a free port of loopback, with a certificate of its own. */
  public static ScriptedPushProvider start() {
    try {
      Path folder = TemporaryFolders.create("push-provider");
      Path keys = folder.resolve("keys.p12");
      makeKeys(keys);
      KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
      Files.writeString(folder.resolve(CERTIFICATE), pem(store));
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
      ScriptedPushProvider provider = new ScriptedPushProvider(server, folder);
      server.createContext("/", provider::take);
      server.setExecutor(provider.threads);
      server.start();
      return provider;
    } catch (IOException e) {
      throw new UncheckedIOException("the push provider could not start", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the push provider has no certificate", e);
    }
  }

  /** The endpoint of a browser; it answers 201 unless scripted. */
  public String endpoint(String path) {
    return "https://localhost:" + server.getAddress().getPort() + "/" + path;
  }

  /** Says what an endpoint answers from now on. */
  public void script(String path, Script script) {
    scripts.put("/" + path, script);
  }

  /** What has come, in order of arrival. */
  public Inbox<Posted> inbox() {
    return inbox;
  }

  /** Its certificate, for those who must trust it. */
  public Path certificate() {
    return folder.resolve(CERTIFICATE);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
    TemporaryFolders.delete(folder);
  }

  private void take(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    Script script = scripts.getOrDefault(path, reply -> reply.send(201, "", ""));
    inbox.add(new Posted(path, headers, body));
    try (exchange) {
      script.answer(new ExchangeReply(exchange));
    }
  }

  private final class ExchangeReply implements Reply {
    private final HttpExchange exchange;

    ExchangeReply(HttpExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void send(int status, String header, String value) throws IOException {
      if (!header.isBlank()) {
        exchange.getResponseHeaders().set(header, value);
      }
      exchange.sendResponseHeaders(status, -1);
    }

    @Override
    public void hang() {
      try {
        closing.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void flood() throws IOException {
      exchange.sendResponseHeaders(201, 0);
      byte[] part = new byte[64 * 1024];
      while (closing.getCount() > 0) {
        exchange.getResponseBody().write(part);
      }
    }

    @Override
    public void drip() throws IOException {
      exchange.sendResponseHeaders(201, 0);
      while (!isClosing()) {
        exchange.getResponseBody().write(1);
        exchange.getResponseBody().flush();
      }
    }

    private boolean isClosing() {
      try {
        return closing.await(DRIP_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
    }
  }

  /** The JDK has no other public way to make a certificate. */
  private static void makeKeys(Path file) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "provider",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    try (InputStream output = keytool.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException("keytool failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static SSLContext context(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static String pem(KeyStore store) throws GeneralSecurityException {
    byte[] encoded = store.getCertificate("provider").getEncoded();
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(encoded)
        + "\n-----END CERTIFICATE-----\n";
  }
}
