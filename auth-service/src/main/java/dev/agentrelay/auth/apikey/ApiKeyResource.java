package dev.agentrelay.auth.apikey;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.auth.credential.ApiKeys;
import dev.agentrelay.auth.credential.ApiKeys.Minted;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.auth.credential.StoredKey;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets people make, see, change and delete their own keys (rest.md 2.1, 2.4). */
@OpenToAnyone
@Path("/api/auth/api-key")
@Produces(MediaType.APPLICATION_JSON)
public class ApiKeyResource {
  private final JsonBody json;
  private final ObjectMapper mapper;
  private final CredentialCheck check;
  private final ApiKeys keys;
  private final AuditTrail audit;

  ApiKeyResource(
      JsonBody json, ObjectMapper mapper, CredentialCheck check, ApiKeys keys, AuditTrail audit) {
    this.json = json;
    this.mapper = mapper;
    this.check = check;
    this.keys = keys;
    this.audit = audit;
  }

  @POST
  @Path("/create")
  @RunOnVirtualThread
  public ObjectNode create(
      @Nullable String text, @Context HttpHeaders headers, HttpServerRequest request) {
    ObjectNode body = json.require(text);
    KeyRequest asked = KeyRequest.of(body);
    Account account =
        check.require(headers, AuthError.UNAUTHORIZED_OR_INVALID_SESSION::failure).account();
    KeyRequest.refuseServerOnly(body);
    asked.checkBounds();
    Instant expiresAt = Optional.ofNullable(asked.lasts()).map(Instant.now()::plus).orElse(null);
    Minted minted = keys.mint(account, asked.name(), asked.prefix(), expiresAt);
    audit.write(AuditAction.KEY_MADE, account, minted.key().id, request);
    ObjectNode answer = mapper.valueToTree(KeyView.of(minted.key()));
    return answer.put("key", minted.text());
  }

  @GET
  @Path("/list")
  @RunOnVirtualThread
  public List<KeyView> list(@Context HttpHeaders headers) {
    Account account = check.require(headers, AuthException::unauthorized).account();
    return keys.of(account).stream().map(KeyView::of).toList();
  }

  @GET
  @Path("/get")
  @RunOnVirtualThread
  public KeyView get(@QueryParam("id") @Nullable String id, @Context HttpHeaders headers) {
    if (id == null) {
      throw AuthException.validation(
          "[query.id] Invalid input: expected string, received undefined");
    }
    Account account = check.require(headers, AuthException::unauthorized).account();
    return keys.of(account, id).map(KeyView::of).orElseThrow(AuthError.API_KEY_NOT_FOUND::failure);
  }

  @POST
  @Path("/update")
  @RunOnVirtualThread
  public KeyView update(
      @Nullable String text, @Context HttpHeaders headers, HttpServerRequest request) {
    ObjectNode body = json.require(text);
    String keyId = keyId(body);
    KeyChange change = KeyChange.of(body);
    Account account = check.require(headers, AuthException::unauthorized).account();
    KeyRequest.refuseServerOnly(body);
    change.checkBounds();
    StoredKey key =
        keys.change(account, keyId, change::apply)
            .orElseThrow(AuthError.API_KEY_NOT_FOUND::failure);
    audit.write(AuditAction.KEY_CHANGED, account, keyId, request);
    return KeyView.of(key);
  }

  @POST
  @Path("/delete")
  @RunOnVirtualThread
  public Map<String, Boolean> delete(
      @Nullable String text, @Context HttpHeaders headers, HttpServerRequest request) {
    String keyId = keyId(json.require(text));
    Account account = check.require(headers, AuthException::unauthorized).account();
    if (!keys.delete(account, keyId)) {
      throw AuthError.API_KEY_NOT_FOUND.failure();
    }
    audit.write(AuditAction.KEY_DELETED, account, keyId, request);
    return Map.of("success", true);
  }

  private static String keyId(ObjectNode body) {
    String keyId = JsonBody.text(body, "keyId");
    if (keyId == null) {
      throw AuthException.validation("[body.keyId] Invalid input: expected string");
    }
    return keyId;
  }
}
