package dev.agentrelay.auth.apikey;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.apikey.ApiKeys.Minted;
import dev.agentrelay.auth.exchange.Checked;
import dev.agentrelay.auth.exchange.CredentialCheck;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.platform.http.JsonBody;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets people make, see and delete their own keys (rest.md 2.4, B6 to B8). */
@Path("/api/auth/api-key")
@Produces(MediaType.APPLICATION_JSON)
public class ApiKeyResource {
  private final JsonBody json;
  private final ObjectMapper mapper;
  private final CredentialCheck check;
  private final ApiKeys keys;

  ApiKeyResource(JsonBody json, ObjectMapper mapper, CredentialCheck check, ApiKeys keys) {
    this.json = json;
    this.mapper = mapper;
    this.check = check;
    this.keys = keys;
  }

  @POST
  @Path("/create")
  @RunOnVirtualThread
  public ObjectNode create(@Nullable String text, @Context HttpHeaders headers) {
    ObjectNode body = json.require(text);
    KeyRequest request = KeyRequest.of(body);
    Account account = caller(headers, AuthError.UNAUTHORIZED_OR_INVALID_SESSION::failure);
    KeyRequest.refuseServerOnly(body);
    request.checkBounds();
    Instant expiresAt = Optional.ofNullable(request.lasts()).map(Instant.now()::plus).orElse(null);
    Minted minted = keys.mint(account, request.name(), request.prefix(), expiresAt);
    ObjectNode answer = mapper.valueToTree(KeyView.of(minted.key()));
    return answer.put("key", minted.text());
  }

  @GET
  @Path("/list")
  @RunOnVirtualThread
  public List<KeyView> list(@Context HttpHeaders headers) {
    Account account = caller(headers, AuthException::unauthorized);
    return keys.of(account).stream().map(KeyView::of).toList();
  }

  @POST
  @Path("/delete")
  @RunOnVirtualThread
  public Map<String, Boolean> delete(@Nullable String text, @Context HttpHeaders headers) {
    String keyId = JsonBody.text(json.require(text), "keyId");
    if (keyId == null) {
      throw AuthException.validation("[body.keyId] Invalid input: expected string");
    }
    Account account = caller(headers, AuthException::unauthorized);
    if (!keys.delete(account, keyId)) {
      throw AuthError.API_KEY_NOT_FOUND.failure();
    }
    return Map.of("success", true);
  }

  private Account caller(HttpHeaders headers, Supplier<AuthException> nobody) {
    return switch (check.check(headers)) {
      case Checked.Good good -> good.account();
      case Checked.BadKey bad -> throw bad.error().failure();
      case Checked.Ended ended -> throw nobody.get();
      case Checked.Nobody stranger -> throw nobody.get();
    };
  }
}
