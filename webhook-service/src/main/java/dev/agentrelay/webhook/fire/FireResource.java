package dev.agentrelay.webhook.fire;

import dev.agentrelay.platform.http.ClientAddress;
import dev.agentrelay.platform.identity.OpenToAnyone;
import dev.agentrelay.webhook.WebhookId;
import dev.agentrelay.webhook.signature.SignedRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** W6 of rest.md: the signature is the credential. */
@Path("/api/webhooks/{id}/fire")
@OpenToAnyone
public class FireResource {
  private static final byte[] NOTHING = {};

  private final SignedFiring firing;
  private final ClientAddress addresses;

  FireResource(SignedFiring firing, ClientAddress addresses) {
    this.firing = firing;
    this.addresses = addresses;
  }

  @POST
  @Consumes(MediaType.WILDCARD)
  @RunOnVirtualThread
  public Response fire(
      @PathParam("id") String id, byte @Nullable [] body, @Context HttpServerRequest request) {
    SignedRequest signed = new SignedRequest(headers(request), body == null ? NOTHING : body);
    Sender sender = new Sender(addresses.of(request), request.getHeader("user-agent"));
    return FireAnswer.of(firing.fire(new WebhookId(id), signed, sender));
  }

  private static Map<String, String> headers(HttpServerRequest request) {
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
    return headers;
  }
}
