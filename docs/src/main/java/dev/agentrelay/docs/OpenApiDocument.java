package dev.agentrelay.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.stream.Stream;

/** The OpenAPI 3.1 document of the whole relay. */
final class OpenApiDocument {
  private static final String ERROR = "#/components/schemas/Error";
  private static final String AUTH_ERROR = "#/components/schemas/AuthError";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private OpenApiDocument() {}

  /** Every public endpoint, in the order of paths. */
  static List<Endpoint> endpoints(Path home) {
    return Stream.concat(
            Modules.services(home).stream()
                .flatMap(each -> new ResourceReader(each).read().stream()),
            PlainRoutes.all().stream())
        .sorted(Comparator.comparing(Endpoint::path).thenComparing(Endpoint::method))
        .toList();
  }

  /**
   * @param home the folder of the whole project
   */
  static String text(Path home) {
    ObjectNode document = JSON.createObjectNode().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Agent Relay")
        .put("version", "1")
        .put(
            "description",
            "Bodies without members here are JSON objects whose members depend on what is asked.");
    ObjectNode paths = document.putObject("paths");
    endpoints(home).forEach(each -> add(paths.withObjectProperty(each.path()), each));
    components(document.putObject("components"));
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** Two methods that differ in what they answer are one operation. */
  private static void add(ObjectNode path, Endpoint endpoint) {
    if (path.get(verb(endpoint)) instanceof ObjectNode known) {
      known
          .withObject("/responses/200/content")
          .putObject(endpoint.mediaType())
          .putObject("schema");
    } else {
      path.set(verb(endpoint), operation(endpoint));
    }
  }

  private static String verb(Endpoint endpoint) {
    return endpoint.method().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode operation(Endpoint endpoint) {
    ObjectNode operation = JSON.createObjectNode();
    operation.putArray("tags").add(endpoint.service());
    operation
        .put("operationId", endpoint.id() + "." + verb(endpoint))
        .put("summary", endpoint.summary());
    security(operation.putArray("security"), endpoint);
    ArrayNode parameters = operation.putArray("parameters");
    for (Endpoint.Parameter each : endpoint.parameters()) {
      ObjectNode parameter =
          parameters
              .addObject()
              .put("name", each.name())
              .put("in", each.place())
              .put("required", each.place().equals("path"));
      type(parameter.putObject("schema"), each.type());
    }
    if (endpoint.takes() != null) {
      content(operation.putObject("requestBody"), endpoint.takes());
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode schema =
        content(
            responses.putObject("200").put("description", "It was done."), endpoint.mediaType());
    if (endpoint.answer() != null) {
      ObjectNode members = schema.put("type", "object").putObject("properties");
      endpoint.answer().forEach((name, type) -> type(members.putObject(name), type));
    }
    endpoint.errors().forEach((status, codes) -> failure(responses, status, codes));
    return operation;
  }

  private static void security(ArrayNode security, Endpoint endpoint) {
    if (endpoint.access() == Endpoint.Access.ANYONE) {
      return;
    }
    security.addObject().putArray("apiKey");
    if (endpoint.access() == Endpoint.Access.CALLER) {
      security.addObject().putArray("login");
    }
  }

  private static void type(ObjectNode schema, String type) {
    if (!type.isEmpty()) {
      schema.put("type", type);
    }
  }

  /** The schema of a body. */
  private static ObjectNode content(ObjectNode body, String mediaType) {
    return body.putObject("content").putObject(mediaType).putObject("schema");
  }

  private static void failure(ObjectNode responses, int status, SortedSet<String> codes) {
    boolean accounts = codes.stream().anyMatch(code -> code.equals(code.toUpperCase(Locale.ROOT)));
    ObjectNode response =
        responses
            .putObject(Integer.toString(status))
            .put("description", "One of: " + String.join(", ", codes));
    content(response, "application/json").put("$ref", accounts ? AUTH_ERROR : ERROR);
  }

  private static void components(ObjectNode components) {
    ObjectNode schemas = components.putObject("schemas");
    ObjectNode error = schemas.putObject("Error").put("type", "object");
    error.putArray("required").add("error").add("code");
    ObjectNode members = error.putObject("properties");
    members.putObject("error").put("type", "string").put("description", "For people.");
    ArrayNode codes = members.putObject("code").put("type", "string").putArray("enum");
    Stream.of(ErrorCode.values()).map(ErrorCode::code).forEach(codes::add);
    ObjectNode accounts = schemas.putObject("AuthError").put("type", "object");
    accounts.putArray("required").add("message").add("code");
    ObjectNode named = accounts.putObject("properties");
    named.putObject("message").put("type", "string").put("description", "For people.");
    named.putObject("code").put("type", "string");
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes.putObject("apiKey").put("type", "apiKey").put("in", "header").put("name", "x-api-key");
    schemes
        .putObject("login")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", "better-auth.session_token");
  }
}
