package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.Driver;
import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.ProcessUse;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Files of 30 MiB there and back, one after the other. */
public final class Attachments implements Scenario {
  private static final String UPLOAD = "upload of 30 MiB";
  private static final String DOWNLOAD = "download of 30 MiB";
  private static final String CONTENT_TYPE = "multipart/form-data; boundary=limit";
  private static final int MEBIBYTES = 30;

  private static final int WARM_UP = 5;

  /** What is still to be compiled, or written to the disk, would be in the way of what counts. */
  private static final Duration CATCH_UP = Duration.ofSeconds(4);

  private static final int TIMES = 10;

  private record Upload(double perSecond, double grownMebibytes) {}

  @Override
  public List<Figure> run(Bench bench) {
    String session = Clients.newId();
    try (Replica gateway = bench.suite().startGateway("attachments-gateway");
        Replica service = bench.suite().start("session-service", "attachments", Map.of());
        RelaySocket worker = Clients.worker(gateway, session)) {
      bench.say("session " + worker.await("registered").text("sessionId"));
      String path = "/api/sessions/" + session + "/attachments";
      Map<String, String> headers =
          Map.of("x-api-key", Driver.API_KEY, "Content-Type", CONTENT_TYPE);
      byte[] upload = HttpRequests.request("POST", path, headers, form());
      HttpLoad one = new HttpLoad(service.port(), 1);
      bench.warmUp(
          () -> {
            one.send(WARM_UP, number -> upload).allAnswered(200);
            bench.pass(CATCH_UP);
          });
      List<Upload> uploads = bench.runs(() -> upload(service, one, upload));
      byte[] download = HttpRequests.get("/api/attachments/" + uploaded(service, path));
      bench.warmUp(() -> one.send(1, number -> download).allAnswered(200));
      List<Double> downloads = bench.runs(() -> rate(one.send(TIMES, number -> download)));
      return List.of(
          Figure.atLeast(
              UPLOAD, "speed", uploads.stream().map(Upload::perSecond).toList(), 200, "MiB/s"),
          Figure.atMost(
              UPLOAD,
              "memory that the service takes more",
              uploads.stream().map(Upload::grownMebibytes).toList(),
              16,
              "MiB"),
          Figure.atLeast(DOWNLOAD, "speed", downloads, 400, "MiB/s"));
    }
  }

  private static Upload upload(Replica service, HttpLoad one, byte[] upload) {
    service.collectGarbage();
    long before = ProcessUse.residentBytes(service.pid());
    double perSecond = rate(one.send(TIMES, number -> upload));
    double grown = ProcessUse.residentBytes(service.pid()) - before;
    return new Upload(perSecond, grown / (1 << 20));
  }

  private static double rate(HttpLoad.Result result) {
    return MEBIBYTES * result.allAnswered(200).perSecond();
  }

  private static String uploaded(Replica service, String path) {
    HttpRequest upload =
        HttpRequest.newBuilder(service.url().resolve(path))
            .header("x-api-key", Driver.API_KEY)
            .header("Content-Type", CONTENT_TYPE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(form()))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      String answer = http.send(upload, HttpResponse.BodyHandlers.ofString()).body();
      return Json.requireText(
          Json.arrayAt(Json.parse(answer), "attachments").getJSONObject(0), "attachmentId");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private static byte[] form() {
    byte[] file = new byte[MEBIBYTES << 20];
    new Random(1).nextBytes(file);
    ByteArrayOutputStream body = new ByteArrayOutputStream(file.length + 1024);
    body.writeBytes(
        """
        --limit
        Content-Disposition: form-data; name="file"; filename="a.bin"
        Content-Type: application/octet-stream

        """
            .replace("\n", "\r\n")
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(file);
    body.writeBytes("\r\n--limit--\r\n".getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }
}
