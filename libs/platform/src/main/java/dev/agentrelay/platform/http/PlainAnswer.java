package dev.agentrelay.platform.http;

import dev.agentrelay.contracts.ErrorCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Failures answered before the REST layer has the request, in its words. */
final class PlainAnswer {
  private PlainAnswer() {}

  static void error(RoutingContext exchange, ErrorCode code, String text) {
    exchange
        .response()
        .setStatusCode(code.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json;charset=utf-8")
        .end(new JsonObject().put("error", text).put("code", code.code()).toBuffer());
  }
}
