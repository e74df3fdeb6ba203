package dev.agentrelay.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads request bodies that must be JSON objects (rest.md 1.7). */
@ApplicationScoped
public class JsonBody {
  private final ObjectMapper json;
  private final ObjectReader whole;

  JsonBody(ObjectMapper json) {
    this.json = json;
    this.whole = json.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /**
   * The body's object.
   *
   * @throws RelayException with 400 {@code Invalid JSON body} when it is anything else
   */
  public ObjectNode require(@Nullable String body) {
    return parse(body)
        .orElseThrow(() -> new RelayException(ErrorCode.INVALID_REQUEST, "Invalid JSON body"));
  }

  /**
   * The body's object; an empty one when it is anything else.
   *
   * @throws RelayException with 400 {@code Invalid JSON body} when it is {@code null}
   */
  public ObjectNode orEmpty(@Nullable String body) {
    if (body != null && body.strip().equals("null")) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid JSON body");
    }
    return orAnythingEmpty(body);
  }

  /** The body's object; an empty one when it is anything else, {@code null} too. */
  public ObjectNode orAnythingEmpty(@Nullable String body) {
    return parse(body).orElseGet(json::createObjectNode);
  }

  private Optional<ObjectNode> parse(@Nullable String body) {
    if (body == null) {
      return Optional.empty();
    }
    try {
      JsonNode tree = whole.readTree(body);
      return tree instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (JsonProcessingException malformed) {
      return Optional.empty();
    }
  }

  /** A member's text; {@code null} when the member is absent or no text. */
  public static @Nullable String text(ObjectNode object, String member) {
    JsonNode value = object.get(member);
    return value != null && value.isTextual() ? value.textValue() : null;
  }
}
