package dev.agentrelay.local.edge;

import dev.agentrelay.local.data.LauncherException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Serves a web UI's folder: files as they are, {@code index.html} for every other path (contract
 * rest.md section 1.1, rows "SPA fallback" and "Static cache").
 */
public final class WebUi implements Edge.Pages {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html;charset=utf-8"),
          Map.entry("js", "text/javascript;charset=utf-8"),
          Map.entry("mjs", "text/javascript;charset=utf-8"),
          Map.entry("css", "text/css;charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("txt", "text/plain;charset=utf-8"),
          Map.entry("mp3", "audio/mpeg"));

  private final Path folder;
  private final Path index;
  private final String contentPolicy;

  /**
   * @throws LauncherException when the folder holds no {@code index.html}
   */
  public WebUi(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
    this.index = this.folder.resolve("index.html");
    try {
      this.contentPolicy = ContentPolicy.forPage(Files.readString(index));
    } catch (IOException missing) {
      throw new LauncherException(
          "RELAY_WEB_UI_DIR names " + folder + ", which holds no readable index.html.", missing);
    }
  }

  @Override
  public boolean answer(HttpServerRequest request) {
    Optional<Path> wanted = resolve(request.path());
    if (wanted.isEmpty() || (Files.isDirectory(wanted.get()) && !wanted.get().equals(folder))) {
      Edge.notFound(request);
    } else {
      send(request, Files.isRegularFile(wanted.get()) ? wanted.get() : index);
    }
    return true;
  }

  private void send(HttpServerRequest request, Path file) {
    String name = String.valueOf(file.getFileName());
    boolean page = name.endsWith(".html");
    HttpServerResponse response = request.response();
    ContentPolicy.addCommonHeaders(response);
    response.putHeader("Content-Security-Policy", contentPolicy);
    response.putHeader(
        "Cache-Control",
        page || name.equals("sw.js") ? "no-cache" : "public, max-age=31536000, immutable");
    String type = TYPES.get(extension(name));
    if (type != null) {
      response.putHeader("Content-Type", type);
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Long.toString(file.toFile().length())).end();
    } else {
      response
          .sendFile(file.toString())
          .onFailure(
              gone -> {
                if (!response.headWritten()) {
                  Edge.notFound(request);
                }
              });
    }
  }

  /** The file a path names; empty when it would lie outside of the folder. */
  private Optional<Path> resolve(String path) {
    try {
      // "+" is itself in a path.
      String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
      Path file = folder.resolve(decoded.replaceFirst("^/+", "")).normalize();
      if (!file.startsWith(folder)) {
        return Optional.empty();
      }
      // A link inside may point outside.
      if (Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath())) {
        return Optional.empty();
      }
      return Optional.of(file);
    } catch (IllegalArgumentException | IOException broken) {
      return Optional.empty();
    }
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
