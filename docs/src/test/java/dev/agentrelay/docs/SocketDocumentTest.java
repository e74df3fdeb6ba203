package dev.agentrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The socket document names the events that the gateway's code knows, all of them and no others.
 */
class SocketDocumentTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String NAME = "\"([a-z]+(?:_[a-z]+)*)\"";

  /** An event's name as an argument of what sends it or listens to it. */
  private static final Pattern SENT =
      Pattern.compile(
          "\\.?(?:emit|emitWithAck|emitToViewers|emitToHub|encode|on|answered|tellViewers|tellWorker)"
              + "\\((?:[^()\";]|\\([^()\";]*\\))*?"
              + NAME);

  /** What a feature listens to. */
  private static final Pattern LISTENED =
      Pattern.compile("(?s)Handler> events\\(\\) \\{(.*?)\n  \\}");

  private static final Pattern COMPOSED =
      Pattern.compile("(get|create|update|delete)_(skill|agent)|list_(skills|agents)");

  private static final List<String> CODE =
      Stream.of("runner-gateway", "libs/contracts")
          .flatMap(module -> JavaSource.below(Modules.sources(HOME.resolve(module))).stream())
          .map(JavaSource::text)
          .toList();

  private static final Set<String> DOCUMENTED =
      SocketEvents.read().stream()
          .flatMap(namespace -> namespace.events().stream())
          .map(SocketEvents.Event::name)
          .collect(Collectors.toCollection(TreeSet::new));

  @Test
  void whatTheCodeSaysIsDocumented() {
    Set<String> said =
        CODE.stream()
            .flatMap(
                text ->
                    Stream.concat(
                        SENT.matcher(text).results(),
                        LISTENED
                            .matcher(text)
                            .results()
                            .flatMap(
                                body -> Pattern.compile(NAME).matcher(body.group(1)).results())))
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(said).hasSizeGreaterThan(60);
    assertThat(DOCUMENTED).containsAll(said);
  }

  @Test
  void whatIsDocumentedStandsInTheCode() {
    Set<String> unknown = new TreeSet<>(DOCUMENTED);
    unknown.removeIf(name -> CODE.stream().anyMatch(text -> text.contains('"' + name + '"')));
    // CatalogResource puts their names together
    unknown.removeIf(COMPOSED.asMatchPredicate());
    assertThat(unknown).isEmpty();
  }

  @Test
  void eachEventIsThereOnce() {
    SocketEvents.read()
        .forEach(
            namespace ->
                assertThat(namespace.events().stream().map(each -> each.fromClient() + each.name()))
                    .as(namespace.name())
                    .doesNotHaveDuplicates());
  }
}
