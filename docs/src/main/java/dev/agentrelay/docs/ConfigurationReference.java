package dev.agentrelay.docs;

import dev.agentrelay.docs.SettingsReader.Concern;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** {@code docs/configuration.md}: every setting of every service. */
final class ConfigurationReference {
  private ConfigurationReference() {}

  /**
   * @param home the folder of the whole project
   */
  static String text(Path home) {
    StringBuilder text =
        new StringBuilder(
            """
            # Configuration

            Made from the code; `docs/renew` makes it anew. How settings are used is said in [operating.md](operating.md).

            A setting is an environment variable, or a property of the same meaning. Durations are written `30s`, `5m`, `24h`
            or `30d`. A `relay.` key that no service knows, or a value out of its bounds, stops the start.
            """);
    append(text, "Every service", home.resolve("libs/platform"));
    Modules.services(home).forEach(each -> append(text, each.getFileName().toString(), each));
    return text.toString();
  }

  private static void append(StringBuilder text, String name, Path module) {
    List<Concern> concerns =
        JavaSource.below(Modules.sources(module)).stream()
            .filter(file -> JavaSource.mentions(file, "\n@ConfigMapping("))
            .map(SettingsReader::read)
            .sorted(Comparator.comparing(Concern::prefix))
            .toList();
    if (concerns.isEmpty()) {
      return;
    }
    text.append("\n## ").append(name).append('\n');
    for (Concern concern : concerns) {
      text.append("\n### `%s`\n\n%s\n\n".formatted(concern.prefix(), concern.meaning()));
      text.append("| variable | type | default | meaning |\n|---|---|---|---|\n");
      concern.settings().forEach(setting -> text.append(row(setting)));
    }
  }

  private static String row(Setting setting) {
    String standard = setting.standard();
    String bounds = setting.bounds().isEmpty() ? "" : " (`" + setting.bounds() + "`)";
    return "| `%s` | `%s`%s | %s | %s |\n"
        .formatted(
            setting.variable(),
            setting.type(),
            bounds,
            standard == null ? "none" : "`" + standard + "`",
            setting.meaning());
  }
}
