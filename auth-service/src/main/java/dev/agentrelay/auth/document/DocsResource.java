package dev.agentrelay.auth.document;

import dev.agentrelay.platform.identity.OpenToAnyone;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The API of all services for people. */
@OpenToAnyone
@Path("/api/docs")
public class DocsResource {
  private final byte[] page = Documents.read("docs.html");

  @GET
  @Produces(MediaType.TEXT_HTML + ";charset=utf-8")
  public byte[] page() {
    return page.clone();
  }
}
