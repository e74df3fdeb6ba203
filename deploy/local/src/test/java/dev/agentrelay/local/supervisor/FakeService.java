package dev.agentrelay.local.supervisor;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A small child JVM that answers on its port; a start of its program with {@code fail} ends at
 * once.
 */
final class FakeService {
  private FakeService() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("fail")) {
      System.out.println("ERROR the table is missing");
      System.exit(1);
    }
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  static ServiceProcess start(Path folder, String argument) {
    return ServiceProcess.start(
        "fake",
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            FakeService.class.getName(),
            argument),
        Map.of(),
        folder.resolve("fake.log"),
        URI.create("http://127.0.0.1:" + (argument.equals("fail") ? "1" : argument) + "/ready"));
  }
}
