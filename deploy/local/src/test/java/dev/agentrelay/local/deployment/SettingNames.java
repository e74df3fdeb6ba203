package dev.agentrelay.local.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of settings and topics, read from the sources of all modules. */
final class SettingNames {
  private static final Path PROJECT = Objects.requireNonNull(RouteTable.DEPLOY.getParent());
  private static final Pattern MAPPING = Pattern.compile("@ConfigMapping\\(prefix = \"([^\"]+)\"");
  private static final Pattern MEMBER =
      Pattern.compile("(?:@WithName\\(\"([^\"]+)\"\\)\\s+)?[\\w<>, ]+ (\\w+)\\(\\);");

  private final List<Pattern> settings = new ArrayList<>();
  private final String topics;

  private SettingNames(String topics) {
    this.topics = topics;
  }

  static SettingNames ofTheCode() {
    try (Stream<Path> files = Files.walk(PROJECT)) {
      SettingNames names =
          new SettingNames(
              Files.readString(
                  PROJECT.resolve(
                      "libs/contracts/src/main/java/dev/agentrelay/contracts/Topics.java")));
      files
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> file.toString().endsWith("Config.java"))
          .forEach(names::addMapping);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether an environment variable is a setting: a mapping's prefix and then names of members. */
  boolean knows(String variable) {
    return settings.stream().anyMatch(setting -> setting.matcher(variable).matches());
  }

  boolean hasTopic(String topic) {
    return topics.contains('"' + topic + '"');
  }

  private void addMapping(Path file) {
    String source;
    try {
      source = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Matcher mapping = MAPPING.matcher(source);
    if (mapping.find()) {
      String members =
          MEMBER
              .matcher(source)
              .results()
              .map(member -> member.group(1) == null ? member.group(2) : member.group(1))
              .map(SettingNames::variable)
              .distinct()
              .collect(Collectors.joining("|"));
      settings.add(Pattern.compile(variable(mapping.group(1)) + "(_(" + members + "))+"));
    }
  }

  private static String variable(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1_$2")
        .replaceAll("[^A-Za-z0-9]", "_")
        .toUpperCase(Locale.ROOT);
  }
}
