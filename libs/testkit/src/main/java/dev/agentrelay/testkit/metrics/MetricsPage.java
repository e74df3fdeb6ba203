package dev.agentrelay.testkit.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;

/** A page of metrics as Prometheus reads it. */
public final class MetricsPage {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<String> lines;

  private MetricsPage(List<String> lines) {
    this.lines = lines;
  }

  /** Reads the page now. */
  public static MetricsPage read(URI address) {
    HttpRequest request = HttpRequest.newBuilder(address).header("Accept", "text/plain").build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(address + " answers " + answer.statusCode());
      }
      return new MetricsPage(answer.body().lines().filter(line -> !line.startsWith("#")).toList());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while metrics were read", interrupted);
    }
  }

  /** Whether there is a series of that name with all of those labels, {@code a="b"} each. */
  public boolean has(String name, String... labels) {
    return series(name, labels).findAny().isPresent();
  }

  /** The sum of all series of that name with all of those labels. */
  public double sum(String name, String... labels) {
    return series(name, labels)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private Stream<String> series(String name, String... labels) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Stream.of(labels).allMatch(line::contains));
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
