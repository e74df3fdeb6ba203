package dev.agentrelay.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads settings and their Javadoc from the source of a {@code @ConfigMapping}. */
final class SettingsReader {
  private static final Set<String> NOT_BOUNDS = Set.of("WithDefault", "WithName");

  private final JavaSource source;
  private final Map<String, ClassTree> groups;
  private final Map<String, ClassTree> choices;
  private final List<Setting> settings = new ArrayList<>();

  /** The settings of one concern. */
  record Concern(String prefix, String meaning, List<Setting> settings) {}

  private SettingsReader(JavaSource source, ClassTree mapping) {
    this.source = source;
    this.groups = JavaSource.nested(mapping, Tree.Kind.INTERFACE);
    this.choices = JavaSource.nested(mapping, Tree.Kind.ENUM);
  }

  static Concern read(Path file) {
    JavaSource source = JavaSource.parse(file);
    ClassTree mapping = source.type().orElseThrow();
    SettingsReader reader = new SettingsReader(source, mapping);
    String prefix = source.argument(mapping.getModifiers(), "ConfigMapping").orElseThrow();
    reader.addAll(prefix, mapping);
    return new Concern(prefix, source.doc(mapping), List.copyOf(reader.settings));
  }

  private void addAll(String prefix, ClassTree group) {
    for (Tree member : group.getMembers()) {
      if (member instanceof MethodTree method && method.getBody() == null) {
        add(prefix + "." + name(method), method);
      }
    }
  }

  private void add(String key, MethodTree method) {
    String type = method.getReturnType().toString();
    ClassTree group = groups.get(type);
    if (group != null) {
      addAll(key, group);
      return;
    }
    ModifiersTree modifiers = method.getModifiers();
    String standard = source.argument(modifiers, "WithDefault").orElse(null);
    settings.add(new Setting(key, type(type), standard, bounds(modifiers), source.doc(method)));
  }

  /** The values of an enum that stands in the mapping, else the type's name. */
  private String type(String declared) {
    ClassTree choice = choices.get(declared);
    if (choice != null) {
      return choice.getMembers().stream()
          .filter(VariableTree.class::isInstance)
          .map(member -> ((VariableTree) member).getName().toString())
          .collect(Collectors.joining(" or "))
          .toLowerCase(Locale.ROOT);
    }
    return declared
        .replaceAll("@[A-Za-z.]+(\\([^)]*\\))? ?", "")
        .replaceAll("^Optional<(.*)>$", "$1")
        .toLowerCase(Locale.ROOT);
  }

  private String name(MethodTree method) {
    return source
        .argument(method.getModifiers(), "WithName")
        .orElseGet(
            () ->
                method
                    .getName()
                    .toString()
                    .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                    .toLowerCase(Locale.ROOT));
  }

  private static String bounds(ModifiersTree modifiers) {
    return modifiers.getAnnotations().stream()
        .filter(each -> !NOT_BOUNDS.contains(each.getAnnotationType().toString()))
        .map(each -> each.toString().replaceAll("^@|\\(\\)$", ""))
        .collect(Collectors.joining(", "));
  }
}
