package dev.agentrelay.auth.enrolment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.auth.credential.StoredKey;
import dev.agentrelay.auth.limit.LimitsConfig;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.ClientAddress;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.OpenToAnyone;
import dev.agentrelay.platform.limit.RateLimiter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets a CLI wait for a person who approves it in the browser (rest.md X33 to X36). Looking at a
 * claim has a path of its own, outside the one that hands out the key.
 */
@OpenToAnyone
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public class SetupClaimResource {
  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9 _.-]");
  private static final int LONGEST_LABEL = 64;

  private final JsonBody json;
  private final SetupClaims claims;
  private final Approvers approvers;
  private final AuditTrail audit;
  private final RateLimiter limiter;
  private final LimitsConfig limits;
  private final ClientAddress addresses;

  SetupClaimResource(
      JsonBody json,
      SetupClaims claims,
      Approvers approvers,
      AuditTrail audit,
      RateLimiter limiter,
      LimitsConfig limits,
      ClientAddress addresses) {
    this.json = json;
    this.claims = claims;
    this.approvers = approvers;
    this.audit = audit;
    this.limiter = limiter;
    this.limits = limits;
    this.addresses = addresses;
  }

  record Created(String token, Instant expiresAt) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record State(
      String status, @Nullable String relayUrl, @Nullable String label, @Nullable String apiKey) {}

  @POST
  @Path("/setup-claim")
  @RunOnVirtualThread
  public Created create(@Nullable String text, HttpServerRequest request) {
    ObjectNode body = json.orEmpty(text);
    String relayUrl = Enrolment.relayUrl(body);
    limiter.require(
        "setup-claim:" + addresses.networkOf(request),
        limits.otherCalls(),
        limits.otherWindow(),
        "Too many requests. Please try again later.");
    String token = Enrolment.newToken();
    return new Created(token, claims.create(token, relayUrl, label(body)));
  }

  private static @Nullable String label(ObjectNode body) {
    String safe = UNSAFE.matcher(Enrolment.stripped(body, "label")).replaceAll("");
    String label = safe.substring(0, Math.min(safe.length(), LONGEST_LABEL)).strip();
    return label.isEmpty() ? null : label;
  }

  @GET
  @Path("/setup-claim/{token}")
  @RunOnVirtualThread
  public State poll(@PathParam("token") String token) {
    return claims
        .poll(token)
        .map(
            claim ->
                new State(text(claim.status()), claim.relayUrl(), claim.label(), claim.apiKey()))
        .orElseThrow(SetupClaimResource::unknown);
  }

  @GET
  @Path("/setup-claim-info/{token}")
  @RunOnVirtualThread
  public State look(@PathParam("token") String token) {
    return claims
        .look(token)
        .map(claim -> new State(text(claim.statusNow()), null, claim.label, null))
        .orElseThrow(SetupClaimResource::unknown);
  }

  @POST
  @Path("/setup-claim/{token}/approve")
  @RunOnVirtualThread
  public Map<String, Boolean> approve(
      @PathParam("token") String token, @Context HttpHeaders headers, HttpServerRequest request) {
    Approver approver = approvers.require(headers);
    StoredKey key =
        claims
            .approve(token, approver)
            .orElseThrow(
                () ->
                    new RelayException(
                        ErrorCode.GONE, "Claim not found, expired, or already processed"));
    audit.write(AuditAction.KEY_MADE, approver.account(), key.id, request);
    return Map.of("ok", true);
  }

  private static String text(SetupClaim.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static RelayException unknown() {
    return new RelayException(ErrorCode.NOT_FOUND, "Unknown or expired claim");
  }
}
