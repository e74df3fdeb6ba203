package dev.agentrelay.docs;

/** What a Java type is in JSON. */
final class JsonTypes {
  private JsonTypes() {}

  /** The JSON type, or an empty text when it may be any. */
  static String of(String javaType) {
    return switch (javaType.replaceAll("<.*", "")) {
      case "String", "Instant", "URI", "Duration" -> "string";
      case "int", "long", "Integer", "Long" -> "integer";
      case "double", "Double" -> "number";
      case "boolean", "Boolean" -> "boolean";
      case "List", "Set" -> "array";
      case "Map", "ObjectNode" -> "object";
      default -> "";
    };
  }
}
