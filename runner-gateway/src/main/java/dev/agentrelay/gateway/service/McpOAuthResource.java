package dev.agentrelay.gateway.service;

import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.identity.OpenToAnyone;
import dev.agentrelay.platform.live.LiveKeys;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/mcp-oauth-callback}: where a provider sends the browser back to, for anybody
 * (rest.md X45). The answers are pages.
 */
@OpenToAnyone
@Path("/api/mcp-oauth-callback")
public class McpOAuthResource {
  private static final Logger LOG = Logger.getLogger(McpOAuthResource.class);
  private static final Duration NONCE_KEPT = Duration.ofMinutes(15);
  private static final String FAILED = "Authorization failed";

  private final WorkerLine workers;
  private final RedisLink redis;

  McpOAuthResource(WorkerLine workers, RedisLink redis) {
    this.workers = workers;
    this.redis = redis;
  }

  /** Hands the code to the worker that waits for it, once. */
  @GET
  public Uni<Response> callback(
      @QueryParam("code") @Nullable String code,
      @QueryParam("state") @Nullable String state,
      @QueryParam("error") @Nullable String error,
      @QueryParam("error_description") @Nullable String description) {
    if (error != null && !error.isEmpty()) {
      String text = description == null || description.isEmpty() ? error : description;
      return Uni.createFrom().item(page(400, FAILED, text));
    }
    if (code == null || code.isEmpty() || state == null || state.isEmpty()) {
      return Uni.createFrom().item(page(400, FAILED, "Missing code or state parameter."));
    }
    OAuthState parsed = OAuthState.parse(state);
    if (parsed == null) {
      return Uni.createFrom().item(page(400, FAILED, "Invalid state parameter."));
    }
    return UniHelper.toUni(
        deliver(parsed, code, state)
            .otherwise(
                failure -> {
                  LOG.warnf(
                      "An OAuth code did not reach session %s: %s",
                      parsed.session(), failure.getMessage());
                  return unavailable();
                }));
  }

  private Future<Response> deliver(OAuthState parsed, String code, String state) {
    String nonce = LiveKeys.oauthNonce(parsed.session(), parsed.nonce());
    Request claim =
        Request.cmd(Command.SET).arg(nonce).arg("1").arg("NX").arg("PX").arg(NONCE_KEPT.toMillis());
    RawObject message =
        RawObject.empty()
            .put("sessionId", parsed.session().value())
            .put("nonce", parsed.nonce())
            .put("code", code)
            .put("state", state);
    if (parsed.oauthState() != null) {
      message.put("oauthState", parsed.oauthState());
    }
    return redis
        .send(claim)
        .compose(
            claimed ->
                claimed == null
                    ? Future.succeededFuture(
                        page(409, FAILED, "This authorization link has already been used."))
                    : workers
                        .emit(parsed.session(), "mcp_oauth_callback", message.toJson())
                        .map(reply -> answer(reply, nonce)));
  }

  /** A code that reached nobody may be brought again. */
  private Response answer(Reply reply, String nonce) {
    if (reply.isDone()) {
      return page(200, "Authorization complete", "You can close this window.");
    }
    redis.send(Request.cmd(Command.DEL).arg(nonce));
    return unavailable();
  }

  private static Response unavailable() {
    return page(503, FAILED, "The session cannot be reached just now. Try again in a moment.");
  }

  private static Response page(int status, String title, String text) {
    String html =
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>"
            + title
            + "</title></head><body><h1>"
            + title
            + "</h1><p>"
            + escaped(text)
            + "</p></body></html>";
    return Response.status(status)
        .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Content-Security-Policy", "default-src 'none'")
        .entity(html)
        .build();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
