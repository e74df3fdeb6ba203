package dev.agentrelay.auth.document;

import dev.agentrelay.platform.identity.OpenToAnyone;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The events of the sockets for programs. */
@OpenToAnyone
@Path("/api/asyncapi.json")
public class AsyncApiResource {
  private final byte[] document = Documents.read("asyncapi.json");

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public byte[] document() {
    return document.clone();
  }
}
