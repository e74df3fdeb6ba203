package dev.agentrelay.auth.document;

import dev.agentrelay.platform.identity.OpenToAnyone;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The API of all services for programs. */
@OpenToAnyone
@Path("/api/openapi.json")
public class OpenApiResource {
  private final byte[] document = Documents.read("openapi.json");

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public byte[] document() {
    return document.clone();
  }
}
