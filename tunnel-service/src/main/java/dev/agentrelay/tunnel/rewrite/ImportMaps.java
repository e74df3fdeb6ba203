package dev.agentrelay.tunnel.rewrite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Rewrites the specifiers, scopes and addresses of an import map. */
final class ImportMaps {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ImportMaps() {}

  /** The map rewritten; as it was when it is none. */
  static String rewrite(String text, TunnelUrls urls) {
    try {
      if (!(JSON.readTree(text) instanceof ObjectNode map)) {
        return text;
      }
      rewriteMember(map, "imports", urls);
      if (map.get("integrity") instanceof ObjectNode hashes) {
        hashes.properties().removeIf(hash -> urls.isOfApp(hash.getKey())); // they will not fit
      }
      if (map.get("scopes") instanceof ObjectNode scopes) {
        ObjectNode changed = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> scope : scopes.properties()) {
          changed.set(address(scope.getKey(), urls), rewritten(scope.getValue(), urls));
        }
        map.set("scopes", changed);
      }
      // No markup can hide in it: a slash after "<" is written as an escape.
      return JSON.writeValueAsString(map).replace("</", "<\\/");
    } catch (JsonProcessingException malformed) {
      return text;
    }
  }

  private static void rewriteMember(ObjectNode map, String member, TunnelUrls urls) {
    JsonNode value = map.get(member);
    if (value != null) {
      map.set(member, rewritten(value, urls));
    }
  }

  private static JsonNode rewritten(JsonNode specifiers, TunnelUrls urls) {
    if (!(specifiers instanceof ObjectNode object)) {
      return specifiers;
    }
    ObjectNode changed = JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      JsonNode value = each.getValue();
      if (value.isTextual()) {
        changed.put(address(each.getKey(), urls), address(value.textValue(), urls));
      } else {
        changed.set(address(each.getKey(), urls), value);
      }
    }
    return changed;
  }

  private static String address(String value, TunnelUrls urls) {
    String prefixed = urls.prefixed(value);
    return prefixed == null ? value : prefixed;
  }
}
