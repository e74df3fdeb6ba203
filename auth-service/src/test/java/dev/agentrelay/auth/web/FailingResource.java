package dev.agentrelay.auth.web;

import dev.agentrelay.platform.identity.ApiKeyRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.identity.OpenToAnyone;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.Map;

/** Fails in every way that the funnel tells apart. */
@Path("/failing")
public class FailingResource {
  private final CurrentCaller caller;

  FailingResource(CurrentCaller caller) {
    this.caller = caller;
  }

  @GET
  @OpenToAnyone
  @Path("/bug")
  public String bug() {
    throw new IllegalStateException("a secret detail");
  }

  @GET
  @OpenToAnyone
  @Path("/redis")
  public String redis() throws Exception {
    throw new ConnectException("Connection refused");
  }

  @GET
  @OpenToAnyone
  @Path("/postgres")
  public String postgres() {
    throw new IllegalStateException(new SQLException("gone", "57P01"));
  }

  @POST
  @OpenToAnyone
  @Path("/json")
  public Map<String, String> json(Map<String, String> body) {
    return body;
  }

  @GET
  @ApiKeyRequired
  @Path("/key-only")
  public String keyOnly() {
    return caller.userId().value();
  }
}
