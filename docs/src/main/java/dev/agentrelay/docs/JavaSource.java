package dev.agentrelay.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** One source file, parsed but not resolved. */
final class JavaSource {
  /** Text in which each brace is closed, two deep, as an object in a list in an object has it. */
  private static final String BALANCED = "(?:[^{}]|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*";

  private final Path file;
  private final CompilationUnitTree unit;
  private final DocTrees docs;

  private JavaSource(Path file, CompilationUnitTree unit, DocTrees docs) {
    this.file = file;
    this.unit = unit;
    this.docs = docs;
  }

  static JavaSource parse(Path file) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
      return new JavaSource(file, task.parse().iterator().next(), DocTrees.instance(task));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Every source file below a folder, sorted. */
  static List<Path> below(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static boolean mentions(Path file, String text) {
    return text(file).contains(text);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  Path file() {
    return file;
  }

  CompilationUnitTree unit() {
    return unit;
  }

  /** The type that the file is named after; empty for a package's or a module's file. */
  Optional<ClassTree> type() {
    return unit.getTypeDecls().stream()
        .filter(ClassTree.class::isInstance)
        .map(ClassTree.class::cast)
        .findFirst();
  }

  /** The types of one kind inside a type, at any depth, by their simple names. */
  static Map<String, ClassTree> nested(ClassTree type, Tree.Kind kind) {
    return inside(type)
        .filter(each -> each.getKind() == kind)
        .collect(Collectors.toMap(each -> each.getSimpleName().toString(), Function.identity()));
  }

  private static Stream<ClassTree> inside(ClassTree type) {
    return type.getMembers().stream()
        .filter(ClassTree.class::isInstance)
        .map(ClassTree.class::cast)
        .flatMap(each -> Stream.concat(Stream.of(each), inside(each)));
  }

  /** Whether something has an annotation of that simple name. */
  static boolean has(ModifiersTree modifiers, String annotation) {
    return find(modifiers, annotation).isPresent();
  }

  /** The only argument of an annotation as text; constants of the same file are looked up. */
  Optional<String> argument(ModifiersTree modifiers, String annotation) {
    return find(modifiers, annotation)
        .filter(each -> !each.getArguments().isEmpty())
        .map(each -> text(argument(each)));
  }

  private static Optional<? extends AnnotationTree> find(ModifiersTree modifiers, String name) {
    return modifiers.getAnnotations().stream()
        .filter(each -> each.getAnnotationType().toString().equals(name))
        .findFirst();
  }

  private static ExpressionTree argument(AnnotationTree annotation) {
    ExpressionTree argument = annotation.getArguments().getFirst();
    return argument instanceof AssignmentTree assignment ? assignment.getExpression() : argument;
  }

  private String text(ExpressionTree value) {
    return switch (value) {
      case LiteralTree literal -> String.valueOf(literal.getValue());
      case BinaryTree sum -> text(sum.getLeftOperand()) + text(sum.getRightOperand());
      case IdentifierTree name -> constant(name.getName().toString()).map(this::text).orElseThrow();
      default -> value.toString();
    };
  }

  private Optional<ExpressionTree> constant(String name) {
    return type().stream()
        .flatMap(type -> type.getMembers().stream())
        .filter(VariableTree.class::isInstance)
        .map(VariableTree.class::cast)
        .filter(field -> field.getName().contentEquals(name))
        .map(VariableTree::getInitializer)
        .findFirst();
  }

  /** Its Javadoc as one line of Markdown, without block tags; empty when it has none. */
  String doc(Tree tree) {
    @Nullable String comment = docs.getDocComment(TreePath.getPath(unit, tree));
    if (comment == null) {
      return "";
    }
    return comment
        .replaceAll("(?s)(^|\\n)\\s*@[a-z].*", "")
        .replaceAll("\\{@(?:code|link|linkplain)\\s+#?(" + BALANCED + ")\\}", "`$1`")
        .replaceAll("</?p>", "")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
