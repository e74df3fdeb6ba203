package dev.agentrelay.webhook.fire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.ClientAddress;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.webhook.WebhookId;
import dev.agentrelay.webhook.delivery.Deliveries;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.delivery.DeliveryId;
import dev.agentrelay.webhook.delivery.DeliveryPages;
import dev.agentrelay.webhook.delivery.Incoming;
import dev.agentrelay.webhook.delivery.Payload;
import dev.agentrelay.webhook.hook.Webhook;
import dev.agentrelay.webhook.hook.Webhooks;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** What the owner of a webhook can see of its deliveries, and do with them. */
@Path("/api/webhooks/{id}")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class DeliveriesResource {
  private final CurrentCaller caller;
  private final Webhooks webhooks;
  private final Deliveries deliveries;
  private final DeliveryPages pages;
  private final Payload payload;
  private final Firing firing;
  private final Sample sample;
  private final ClientAddress addresses;

  DeliveriesResource(
      CurrentCaller caller,
      Webhooks webhooks,
      Deliveries deliveries,
      DeliveryPages pages,
      Payload payload,
      Firing firing,
      Sample sample,
      ClientAddress addresses) {
    this.caller = caller;
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.pages = pages;
    this.payload = payload;
    this.firing = firing;
    this.sample = sample;
    this.addresses = addresses;
  }

  /** Newest first. */
  @GET
  @Path("/deliveries")
  public ObjectNode list(
      @PathParam("id") String id,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @Nullable String limit) {
    return pages.page(own(id).id(), cursor, limit);
  }

  /** Fires a delivery again, as what it is: the answer is that of a fire. */
  @POST
  @Path("/deliveries/{deliveryId}/replay")
  public Response replay(
      @PathParam("id") String id,
      @PathParam("deliveryId") String deliveryId,
      @Context HttpServerRequest request) {
    Webhook webhook = own(id);
    Delivery delivery =
        deliveries
            .find(webhook.id(), new DeliveryId(deliveryId))
            .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Delivery not found"));
    byte[] body =
        deliveries
            .body(delivery.id())
            .orElseThrow(
                () ->
                    new RelayException(
                        ErrorCode.CONFLICT, "The body of this delivery is no longer kept"));
    requireEnabled(webhook);
    Incoming again =
        new Incoming(
            DeliveryId.random(),
            null,
            addresses.of(request),
            null,
            "replay",
            delivery.eventType(),
            delivery.id(),
            body);
    return FireAnswer.of(firing.fire(webhook, again, payload.parse(body)));
  }

  /** Signs a sample and sends it the whole way; the answer is that of a fire. */
  @POST
  @Path("/test")
  public Response test(@PathParam("id") String id, @Context HttpServerRequest request) {
    Webhook webhook = own(id);
    requireEnabled(webhook);
    return FireAnswer.of(sample.fire(webhook, addresses.of(request)));
  }

  private Webhook own(String id) {
    return webhooks
        .find(caller.userId(), new WebhookId(id))
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Webhook not found"));
  }

  private static void requireEnabled(Webhook webhook) {
    if (!webhook.enabled()) {
      throw new RelayException(ErrorCode.CONFLICT, "Webhook is disabled");
    }
  }
}
