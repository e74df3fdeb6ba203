package dev.agentrelay.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.docs.Endpoint.Access;
import dev.agentrelay.docs.Endpoint.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** Reads the endpoints of a service from the sources of its JAX-RS resources. */
final class ResourceReader {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Set<String> BODY_TYPES = Set.of("String", "byte[]", "InputStream");

  /** They tell of the body, and are described with it. */
  private static final Set<String> BODY_HEADERS = Set.of("content-type", "content-length");

  private static final Pattern VARIABLE = Pattern.compile("\\{ *([A-Za-z]+) *(?::[^{}]*)?\\}");

  /** Where the wire contract says more; it is not part of this document. */
  private static final String CONTRACT_PLACES =
      " *\\([^)]*rest\\.md[^)]*\\)|,? *`?[A-Z][0-9]+`?(?:"
          + " (?:to|and|or)|[^.:]){0,60}rest\\.md[^:]*:?";

  private static final String JSON = "application/json";
  private static final String ANYTHING = "*/*";

  private final String service;
  private final Path sources;
  private final ErrorCodes errors;

  ResourceReader(Path module) {
    this.service = module.getFileName().toString();
    this.sources = Modules.sources(module);
    this.errors = new ErrorCodes(sources);
  }

  List<Endpoint> read() {
    return JavaSource.below(sources).stream()
        .filter(file -> JavaSource.mentions(file, "jakarta.ws.rs.Path;"))
        .map(JavaSource::parse)
        .flatMap(this::endpoints)
        .toList();
  }

  private Stream<Endpoint> endpoints(JavaSource file) {
    ClassTree resource = file.type().orElseThrow();
    Optional<String> root =
        file.argument(resource.getModifiers(), "Path").filter(path -> path.startsWith("/api"));
    if (root.isEmpty() || JavaSource.has(resource.getModifiers(), "ServicesOnly")) {
      return Stream.empty();
    }
    Stream<Endpoint> own = endpoints(file, resource, root.get(), file);
    return Stream.concat(
        own,
        parent(file, resource).stream()
            .flatMap(parent -> endpoints(file, resource, root.get(), parent)));
  }

  /** The source of the class that a resource inherits methods from. */
  private static Optional<JavaSource> parent(JavaSource file, ClassTree resource) {
    return Optional.ofNullable(resource.getExtendsClause())
        .map(name -> file.file().resolveSibling(name + ".java"))
        .filter(Files::exists)
        .map(JavaSource::parse);
  }

  /** The endpoints of a resource whose methods stand in that file. */
  private Stream<Endpoint> endpoints(
      JavaSource file, ClassTree resource, String root, JavaSource methods) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Tree member : methods.type().orElseThrow().getMembers()) {
      if (member instanceof MethodTree method
          && !JavaSource.has(method.getModifiers(), "ServicesOnly")) {
        METHODS.stream()
            .filter(verb -> JavaSource.has(method.getModifiers(), verb))
            .map(verb -> endpoint(file, resource, root, verb, methods, method))
            .forEach(endpoints::add);
      }
    }
    return endpoints.stream();
  }

  private Endpoint endpoint(
      JavaSource file,
      ClassTree resource,
      String root,
      String verb,
      JavaSource methods,
      MethodTree method) {
    ModifiersTree own = method.getModifiers();
    String rest = methods.argument(own, "Path").map(path -> "/" + path).orElse("");
    String declared = (root + rest).replaceAll("/+", "/");
    Access access = access(own).or(() -> access(resource.getModifiers())).orElse(Access.ANYONE);
    String takes = WITH_BODY.contains(verb) ? body(methods, method) : null;
    List<Parameter> parameters = parameters(methods, declared, method);
    return new Endpoint(
        service,
        verb,
        VARIABLE.matcher(declared).replaceAll("{$1}"),
        "%s.%s.%s"
            .formatted(
                service.replace("-service", ""),
                resource.getSimpleName().toString().replace("Resource", ""),
                method.getName()),
        summary(file, resource, methods.doc(method), method),
        access,
        parameters,
        takes,
        mediaType(file, resource, own),
        answer(resource, method.getReturnType()),
        errors(methods, access, parameters, takes != null));
  }

  private static Optional<Access> access(ModifiersTree modifiers) {
    if (JavaSource.has(modifiers, "CallerRequired")) {
      return Optional.of(Access.CALLER);
    }
    if (JavaSource.has(modifiers, "ApiKeyRequired")) {
      return Optional.of(Access.API_KEY);
    }
    return JavaSource.has(modifiers, "OpenToAnyone")
        ? Optional.of(Access.ANYONE)
        : Optional.empty();
  }

  /** The media type of the body; a method that asks for its type reads an upload by itself. */
  private static @Nullable String body(JavaSource file, MethodTree method) {
    boolean handed =
        method.getParameters().stream()
            .anyMatch(
                parameter ->
                    annotations(parameter).allMatch("Nullable"::equals)
                        && BODY_TYPES.contains(bare(parameter.getType())));
    if (handed) {
      boolean any =
          file.argument(method.getModifiers(), "Consumes")
              .filter("MediaType.WILDCARD"::equals)
              .isPresent();
      return any ? ANYTHING : JSON;
    }
    boolean read =
        method.getParameters().stream()
            .flatMap(parameter -> header(file, parameter).stream())
            .anyMatch("content-type"::equals);
    return read ? "multipart/form-data" : null;
  }

  /** The name of the header that a parameter stands for, in lower case. */
  private static Optional<String> header(JavaSource file, VariableTree parameter) {
    return file.argument(parameter.getModifiers(), "HeaderParam")
        .map(name -> name.replaceAll("^HttpHeaders\\.|_HEADER$", "").replace('_', '-'))
        .map(name -> name.toLowerCase(Locale.ROOT));
  }

  private static Stream<String> annotations(VariableTree parameter) {
    return parameter.getModifiers().getAnnotations().stream()
        .map(each -> each.getAnnotationType().toString());
  }

  /** A type without its annotations. */
  private static String bare(Tree type) {
    return type.toString().replaceAll("@[A-Za-z]+\\s*(\\(\\))?\\s*", "").replace(" ", "");
  }

  private static List<Parameter> parameters(JavaSource file, String path, MethodTree method) {
    List<Parameter> parameters = new ArrayList<>();
    VARIABLE
        .matcher(path)
        .results()
        .map((MatchResult found) -> new Parameter(found.group(1), "path", "string"))
        .forEach(parameters::add);
    for (VariableTree each : method.getParameters()) {
      String type = JsonTypes.of(bare(each.getType()));
      file.argument(each.getModifiers(), "QueryParam")
          .ifPresent(name -> parameters.add(new Parameter(name, "query", type)));
      header(file, each)
          .filter(name -> !BODY_HEADERS.contains(name))
          .ifPresent(name -> parameters.add(new Parameter(name, "header", type)));
    }
    return parameters;
  }

  /** What the method is called, and what is said of it or else of its resource. */
  private static String summary(
      JavaSource file, ClassTree resource, String more, MethodTree method) {
    String about = more.isEmpty() ? file.doc(resource) : more;
    String text = about.replaceAll(CONTRACT_PLACES, "").strip();
    String subject = words(resource.getSimpleName().toString().replace("Resource", ""));
    return (words(method.getName().toString()) + " (" + subject + ") " + text).strip();
  }

  private static String words(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }

  private static String mediaType(JavaSource file, ClassTree resource, ModifiersTree method) {
    String declared =
        file.argument(method, "Produces")
            .or(() -> file.argument(resource.getModifiers(), "Produces"))
            .orElse(JSON);
    return switch (declared) {
      case "MediaType.SERVER_SENT_EVENTS" -> "text/event-stream";
      case "MediaType.TEXT_PLAIN" -> "text/plain";
      case "MediaType.TEXT_HTML", "MediaType.TEXT_HTML;charset=utf-8" -> "text/html";
      case "MediaType.WILDCARD", "MediaType.APPLICATION_OCTET_STREAM" -> ANYTHING;
      default -> JSON;
    };
  }

  /** The members of a record that stands in the resource. */
  private static @Nullable SortedMap<String, String> answer(ClassTree resource, Tree returned) {
    String name = returned.toString().replaceAll("^Uni<(.*)>$", "$1");
    ClassTree record = JavaSource.nested(resource, Tree.Kind.RECORD).get(name);
    if (record == null) {
      return null;
    }
    SortedMap<String, String> members = new TreeMap<>();
    for (Tree member : record.getMembers()) {
      if (member instanceof VariableTree component
          && !component.getModifiers().getFlags().contains(Modifier.STATIC)) {
        members.put(component.getName().toString(), JsonTypes.of(bare(component.getType())));
      }
    }
    return members;
  }

  /** What the resource can answer, and what stands before every resource. */
  private SortedMap<Integer, SortedSet<String>> errors(
      JavaSource file, Access access, List<Parameter> parameters, boolean hasBody) {
    SortedMap<Integer, SortedSet<String>> codes = errors.of(file);
    ErrorCodes.add(codes, ErrorCode.INTERNAL);
    ErrorCodes.add(codes, ErrorCode.UNAVAILABLE);
    if (access != Access.ANYONE) {
      ErrorCodes.add(codes, ErrorCode.UNAUTHORIZED);
      ErrorCodes.add(codes, ErrorCode.RATE_LIMITED);
    }
    if (hasBody) {
      ErrorCodes.add(codes, ErrorCode.INVALID_REQUEST);
      ErrorCodes.add(codes, ErrorCode.PAYLOAD_TOO_LARGE);
    }
    if (parameters.stream().anyMatch(each -> each.place().equals("path"))) {
      ErrorCodes.add(codes, ErrorCode.NOT_FOUND);
    }
    return codes;
  }
}
