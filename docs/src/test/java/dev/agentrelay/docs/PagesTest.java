package dev.agentrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pages written by hand name what there is: files, settings, dependencies, decisions. */
class PagesTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
  private static final Pattern SETTING = Pattern.compile("\\bRELAY_[A-Z0-9_]*[A-Z0-9]\\b(?!_)");
  private static final Pattern NAME = Pattern.compile("`([A-Za-z][\\w.-]*)`");
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>\\s*(?:<!--.*?-->\\s*)?<groupId>(?!dev\\.agentrelay)[^<]+</groupId>\\s*"
              + "<artifactId>([^<]+)</artifactId>(?!\\s*<version>)");
  private static final Pattern PACKAGE =
      Pattern.compile(
          "<groupId>org\\.(?:mvnpm|webjars\\.npm)</groupId>\\s*<artifactId>([^<]+)</artifactId>");

  private static final Set<String> LEFT_OUT = Set.of("target", ".git");
  private static final List<Path> FILES = ownFiles();

  @Test
  void linksLeadToFiles() {
    assertThat(files(".md"))
        .allSatisfy(
            page ->
                assertThat(found(LINK, JavaSource.text(page)))
                    .as(page.toString())
                    .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists()));
  }

  @Test
  void settingsThatAreNamedExist() {
    String known =
        JavaSource.text(HOME.resolve("docs/configuration.md"))
            + files(".java").stream().map(JavaSource::text).collect(Collectors.joining())
            + files(".yaml").stream().map(JavaSource::text).collect(Collectors.joining());
    assertThat(files(".md"))
        .allSatisfy(
            page ->
                assertThat(found(SETTING, JavaSource.text(page)))
                    .as(page.toString())
                    .allSatisfy(setting -> assertThat(known).contains(setting)));
  }

  @Test
  void everyDependencyIsListedWithItsLicence() {
    Set<String> used = new TreeSet<>();
    files("pom.xml").forEach(pom -> used.addAll(found(DEPENDENCY, JavaSource.text(pom))));
    used.addAll(found(PACKAGE, JavaSource.text(HOME.resolve("web-console/pom.xml"))));
    used.add("esbuild");
    Set<String> listed =
        JavaSource.text(HOME.resolve("docs/dependencies.md"))
            .lines()
            .filter(row -> row.startsWith("| `"))
            .map(row -> row.split("\\|", -1)[1])
            .flatMap(names -> found(NAME, names).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(listed).isEqualTo(used);
  }

  @Test
  void everyDecisionIsInTheIndexUnderItsTitle() {
    Path folder = HOME.resolve("docs/adr");
    List<String> rows =
        files(".md").stream()
            .filter(file -> file.startsWith(folder) && !file.endsWith("README.md"))
            .sorted()
            .map(PagesTest::row)
            .toList();
    assertThat(
            JavaSource.text(folder.resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith("| [")))
        .isEqualTo(rows);
  }

  private static String row(Path decision) {
    String name = String.valueOf(decision.getFileName());
    String number = name.substring(0, 4);
    String title = JavaSource.text(decision).lines().findFirst().orElse("");
    assertThat(title).as(name).startsWith("# " + number + " ");
    return "| [%s](%s) | %s |".formatted(number, name, title.substring(7));
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.groupCount() == 0 ? match.group() : match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> files(String ending) {
    return FILES.stream().filter(file -> file.toString().endsWith(ending)).toList();
  }

  /** Without what is built, as it comes and goes while other modules are tested. */
  private static List<Path> ownFiles() {
    List<Path> own = new ArrayList<>();
    try {
      Files.walkFileTree(
          HOME,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return LEFT_OUT.contains(String.valueOf(folder.getFileName()))
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              own.add(file);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return own;
  }
}
