package dev.agentrelay.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import dev.agentrelay.contracts.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds which failures a resource can answer with: those that it names, and those that the classes
 * name that it holds, two steps deep. More than it really gives, never less than it names.
 */
final class ErrorCodes {
  private static final int STEPS = 2;
  private static final String AUTH_ERROR = "AuthError";

  private final Path sources;
  private final Map<String, Integer> authErrors = new HashMap<>();
  private final Map<Path, JavaSource> parsed = new HashMap<>();

  /**
   * @param sources the folder of the service's sources
   */
  ErrorCodes(Path sources) {
    this.sources = sources;
    Path file = sources.resolve("dev/agentrelay/auth/web/" + AUTH_ERROR + ".java");
    if (Files.exists(file)) {
      readAuthErrors(source(file));
    }
  }

  private JavaSource source(Path file) {
    return parsed.computeIfAbsent(file, JavaSource::parse);
  }

  /** The failures of calls under {@code /api/auth} have codes of their own. */
  private void readAuthErrors(JavaSource file) {
    ClassTree errors = file.type().orElseThrow();
    errors.getMembers().stream()
        .filter(VariableTree.class::isInstance)
        .map(VariableTree.class::cast)
        .filter(constant -> constant.getInitializer() instanceof NewClassTree)
        .forEach(
            constant -> {
              NewClassTree made = (NewClassTree) constant.getInitializer();
              if (made.getArguments().getFirst() instanceof LiteralTree status) {
                authErrors.put(constant.getName().toString(), (Integer) status.getValue());
              }
            });
  }

  /** The codes by their status. */
  SortedMap<Integer, SortedSet<String>> of(JavaSource resource) {
    SortedMap<Integer, SortedSet<String>> codes = new TreeMap<>();
    collect(resource, STEPS, codes, new HashSet<>());
    return codes;
  }

  static void add(Map<Integer, SortedSet<String>> codes, ErrorCode code) {
    codes.computeIfAbsent(code.status(), status -> new TreeSet<>()).add(code.code());
  }

  private void collect(
      JavaSource file, int steps, Map<Integer, SortedSet<String>> codes, Set<Path> seen) {
    if (!seen.add(file.file())) {
      return;
    }
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMemberSelect(MemberSelectTree select, Void nothing) {
        String name = select.getIdentifier().toString();
        switch (select.getExpression().toString()) {
          case "ErrorCode" -> add(codes, ErrorCode.valueOf(name));
          case AUTH_ERROR -> {
            Integer status = authErrors.get(name);
            if (status != null) {
              codes.computeIfAbsent(status, each -> new TreeSet<>()).add(name);
            }
          }
          default -> {}
        }
        return super.visitMemberSelect(select, null);
      }
    }.scan(file.unit(), null);
    if (steps > 0) {
      file.type().stream()
          .flatMap(type -> type.getMembers().stream())
          .filter(VariableTree.class::isInstance)
          .map(field -> String.valueOf(((VariableTree) field).getType()))
          .map(type -> fileOf(file, type))
          .filter(Files::exists)
          .forEach(held -> collect(source(held), steps - 1, codes, seen));
    }
  }

  /** Where a type of the same service stands, if it is one. */
  private Path fileOf(JavaSource user, String type) {
    return user.unit().getImports().stream()
        .map(ImportTree::getQualifiedIdentifier)
        .map(Object::toString)
        .filter(name -> name.endsWith("." + type))
        .findFirst()
        .map(name -> sources.resolve(name.replace('.', '/') + ".java"))
        .orElseGet(
            () -> user.file().resolveSibling(type.replaceAll("[^A-Za-z0-9]", "_") + ".java"));
  }
}
