package dev.agentrelay.webhook.hook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.limit.Quotas;
import dev.agentrelay.webhook.WebhookId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** W1 to W5 of rest.md 6.1. */
@Path("/api/webhooks")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class WebhooksResource {
  private static final int CREATED = 201;

  private final CurrentCaller caller;
  private final Webhooks webhooks;
  private final Choices choices;
  private final Quotas quotas;
  private final WebhookView view;
  private final JsonBody json;
  private final ObjectMapper mapper;

  WebhooksResource(
      CurrentCaller caller,
      Webhooks webhooks,
      Choices choices,
      Quotas quotas,
      WebhookView view,
      JsonBody json,
      ObjectMapper mapper) {
    this.caller = caller;
    this.webhooks = webhooks;
    this.choices = choices;
    this.quotas = quotas;
    this.view = view;
    this.json = json;
    this.mapper = mapper;
  }

  @POST
  @ResponseStatus(CREATED)
  public ObjectNode create(@Nullable String body) {
    UserId user = caller.userId();
    WebhookForm form = new WebhookForm(json.require(body));
    form.checkNew();
    choices.check(user, form);
    if (quotas.webhooks().isOn()) {
      quotas.webhooks().requireRoom(webhooks.countOf(user), 1);
    }
    return view.answer(webhooks.create(user, form));
  }

  @GET
  public ObjectNode list() {
    ObjectNode answer = mapper.createObjectNode();
    ArrayNode list = answer.putArray("webhooks");
    webhooks.of(caller.userId()).forEach(webhook -> list.add(view.of(webhook)));
    return answer;
  }

  @GET
  @Path("/{id}")
  public ObjectNode get(@PathParam("id") String id) {
    return view.answer(found(webhooks.find(caller.userId(), new WebhookId(id))));
  }

  @PUT
  @Path("/{id}")
  public ObjectNode change(@PathParam("id") String id, @Nullable String body) {
    UserId user = caller.userId();
    WebhookId webhook = new WebhookId(id);
    found(webhooks.find(user, webhook));
    WebhookForm form = new WebhookForm(json.require(body));
    form.checkChange();
    choices.check(user, form);
    return view.answer(found(webhooks.change(user, webhook, form)));
  }

  @DELETE
  @Path("/{id}")
  public Map<String, Boolean> remove(@PathParam("id") String id) {
    if (!webhooks.remove(caller.userId(), new WebhookId(id))) {
      throw notFound();
    }
    return Map.of("ok", true);
  }

  private static Webhook found(Optional<Webhook> webhook) {
    return webhook.orElseThrow(WebhooksResource::notFound);
  }

  private static RelayException notFound() {
    return new RelayException(ErrorCode.NOT_FOUND, "Webhook not found");
  }
}
