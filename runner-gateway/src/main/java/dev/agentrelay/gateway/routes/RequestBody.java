package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.socketio.RawJson;
import org.jspecify.annotations.Nullable;

/** Reads request bodies (rest.md 1.7). */
final class RequestBody {
  private RequestBody() {}

  /** The body's object; an empty one when it is anything else, so that a missing field is named. */
  static RawObject orEmpty(byte @Nullable [] body) {
    RawObject object = RawObject.ofBody(body);
    return object == null ? RawObject.empty() : object;
  }

  /**
   * The body's object.
   *
   * @throws RelayException 400 when it is anything else
   */
  static RawObject required(byte @Nullable [] body) {
    RawObject object = RawObject.ofBody(body);
    if (object == null) {
      throw invalid("Invalid JSON body");
    }
    return object;
  }

  /**
   * The body's object, where JSON that is no object has a text of its own.
   *
   * @throws RelayException 400 when it is anything else
   */
  static RawObject requiredObject(byte @Nullable [] body) {
    RawObject object = RawObject.ofBody(body);
    if (object == null) {
      boolean json = body != null && JsonValues.isJson(RawJson.of(body));
      throw invalid(json ? "Body must be a JSON object" : "Invalid JSON body");
    }
    return object;
  }

  static RelayException invalid(String text) {
    return new RelayException(ErrorCode.INVALID_REQUEST, text);
  }
}
