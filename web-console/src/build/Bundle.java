import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Bundles the console with esbuild: {@code java Bundle.java <packages> <platform> <output>}, run in
 * the module's folder. {@code packages} holds unpacked archives, each of which has its package at
 * {@code META-INF/resources/<collection>/<name>/<version>}. Fails when what the first view loads
 * has grown too large.
 */
public final class Bundle {
  private static final int FIRST_VIEW_BYTES = 250 * 1024;
  private static final List<String> FIRST_VIEW = List.of("index.html", "main.js", "main.css");

  private Bundle() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path packages = modules(Path.of(arguments[0]));
    Path output = Path.of(arguments[2]);
    empty(output);
    Path esbuild = packages.resolve(arguments[1]).resolve("bin/esbuild");
    // An archive that was unpacked does not say what may run.
    if (!esbuild.toFile().setExecutable(true)) {
      throw new IOException(esbuild + " cannot be made executable");
    }
    run(packages, esbuild, output);
    try (Stream<Path> files = Files.list(Path.of("src/main/page"))) {
      for (Path file : files.toList()) {
        Files.copy(file, output.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    checkSize(output);
  }

  /** A folder in which each package has its plain name, as bundlers look for it. */
  private static Path modules(Path unpacked) throws IOException {
    Path modules = Files.createDirectories(unpacked.resolve("node_modules"));
    empty(modules);
    Path resources = unpacked.resolve("META-INF/resources");
    try (Stream<Path> found = Files.find(resources, 3, (path, file) -> file.isDirectory())) {
      for (Path version :
          found.filter(path -> resources.relativize(path).getNameCount() == 3).toList()) {
        Files.createSymbolicLink(
            modules.resolve(version.getParent().getFileName()), version.toRealPath());
      }
    }
    return modules;
  }

  private static void run(Path packages, Path esbuild, Path output)
      throws IOException, InterruptedException {
    ProcessBuilder bundler =
        new ProcessBuilder(
                esbuild.toString(),
                "src/main/ts/main.ts",
                "src/main/ts/sw.ts",
                "src/main/css/main.css",
                "--bundle",
                "--splitting",
                "--minify",
                "--format=esm",
                "--target=es2022",
                "--external:/console/*",
                "--entry-names=[name]",
                "--chunk-names=chunk-[hash]",
                "--outdir=" + output,
                "--log-level=warning")
            .inheritIO();
    bundler.environment().put("NODE_PATH", packages.toString());
    int code = bundler.start().waitFor();
    if (code != 0) {
      throw new IOException("esbuild ended with " + code);
    }
  }

  private static void checkSize(Path output) throws IOException {
    int total = 0;
    for (String name : FIRST_VIEW) {
      var zipped = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(zipped)) {
        gzip.write(Files.readAllBytes(output.resolve(name)));
      }
      total += zipped.size();
    }
    if (total > FIRST_VIEW_BYTES) {
      throw new IOException(
          "The first view is " + total + " bytes compressed; " + FIRST_VIEW_BYTES + " at most.");
    }
  }

  private static void empty(Path output) throws IOException {
    Files.createDirectories(output);
    try (Stream<Path> files = Files.list(output)) {
      for (Path old : files.toList()) {
        Files.delete(old);
      }
    }
  }
}
