package dev.agentrelay.auth.enrolment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.auth.enrolment.MobileLink.Status;
import dev.agentrelay.auth.enrolment.MobileLinks.Approved;
import dev.agentrelay.auth.enrolment.MobileLinks.Redeemed;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.identity.OpenToAnyone;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Signs a phone in by a picture that it scans (rest.md X37 to X41). */
@Path("/api/mobile-link")
@Produces(MediaType.APPLICATION_JSON)
public class MobileLinkResource {
  private static final Pattern TOKEN = Pattern.compile("[A-Z0-9]{6}");
  private static final int LONGEST_TEXT = 2048;

  private final JsonBody json;
  private final MobileLinks links;
  private final CurrentCaller caller;
  private final Approvers approvers;
  private final AuditTrail audit;

  MobileLinkResource(
      JsonBody json,
      MobileLinks links,
      CurrentCaller caller,
      Approvers approvers,
      AuditTrail audit) {
    this.json = json;
    this.links = links;
    this.caller = caller;
    this.approvers = approvers;
    this.audit = audit;
  }

  /** A link as everybody who knows its id may see it; the key is there once, for the phone. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record State(
      String id,
      String status,
      String relayUrl,
      @Nullable String verificationToken,
      @Nullable String deviceName,
      @Nullable String scannedUrl,
      Instant expiresAt,
      @Nullable String apiKey) {

    static State of(String id, MobileLink link, @Nullable String apiKey) {
      return new State(
          id,
          link.status.name().toLowerCase(Locale.ROOT),
          link.relayUrl,
          link.verificationToken,
          link.deviceName,
          link.scannedUrl,
          link.expiresAt,
          apiKey);
    }
  }

  @POST
  @CallerRequired
  @RunOnVirtualThread
  public State create(@Nullable String text) {
    String relayUrl = Enrolment.relayUrl(json.orEmpty(text));
    String id = Enrolment.newToken();
    return State.of(id, links.create(id, caller.userId(), relayUrl), null);
  }

  @GET
  @OpenToAnyone
  @Path("/{id}")
  @RunOnVirtualThread
  public State look(@PathParam("id") String id) {
    return links
        .look(id)
        .map(link -> State.of(id, link, null))
        .orElseThrow(MobileLinkResource::unknown);
  }

  @POST
  @OpenToAnyone
  @Path("/{id}/scan")
  @RunOnVirtualThread
  public State scan(@PathParam("id") String id, @Nullable String text) {
    ObjectNode body = json.orEmpty(text);
    return links
        .scan(
            id, verificationToken(body), optional(body, "deviceName"), optional(body, "scannedUrl"))
        .map(link -> State.of(id, link, null))
        .orElseThrow(MobileLinkResource::unknown);
  }

  @POST
  @OpenToAnyone
  @Path("/{id}/approve")
  @RunOnVirtualThread
  public State approve(
      @PathParam("id") String id,
      @Nullable String text,
      @Context HttpHeaders headers,
      HttpServerRequest request) {
    Approver approver = approvers.require(headers);
    Approved approved =
        links
            .approve(id, verificationToken(json.orEmpty(text)), approver)
            .orElseThrow(() -> gone("Mobile link not found, expired, or not ready"));
    audit.write(AuditAction.KEY_MADE, approver.account(), approved.keyId(), request);
    return State.of(id, approved.link(), null);
  }

  @POST
  @OpenToAnyone
  @Path("/{id}/redeem")
  @RunOnVirtualThread
  public State redeem(@PathParam("id") String id) {
    Redeemed redeemed = links.redeem(id).orElseThrow(MobileLinkResource::unknown);
    if (redeemed.link().status != Status.APPROVED) {
      throw gone("Mobile link not approved");
    }
    String key = redeemed.apiKey().orElseThrow(() -> gone("Mobile link already redeemed"));
    return State.of(id, redeemed.link(), key);
  }

  private static String verificationToken(ObjectNode body) {
    String token = Enrolment.stripped(body, "verificationToken");
    if (!TOKEN.matcher(token).matches()) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST, "verificationToken must be 6 uppercase letters/digits");
    }
    return token;
  }

  private static String optional(ObjectNode body, String member) {
    String text = Enrolment.stripped(body, member);
    return text.substring(0, Math.min(text.length(), LONGEST_TEXT));
  }

  private static RelayException unknown() {
    return new RelayException(ErrorCode.NOT_FOUND, "Unknown or expired mobile link");
  }

  private static RelayException gone(String text) {
    return new RelayException(ErrorCode.GONE, text);
  }
}
