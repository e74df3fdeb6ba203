package dev.agentrelay.auth.preferences;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.ServicesOnly;
import dev.agentrelay.platform.preferences.UserPreferences;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Tells the other services what a user prefers. */
@ServicesOnly
@Path(UserPreferences.PATH)
public class PreferencesForServices {
  private final Preferences preferences;

  PreferencesForServices(Preferences preferences) {
    this.preferences = preferences;
  }

  @GET
  @Path("/{user}")
  @RunOnVirtualThread
  @Produces(MediaType.APPLICATION_JSON)
  public UserPreferences of(@PathParam("user") String user) {
    StoredPreferences stored = preferences.of(new UserId(user));
    return new UserPreferences(stored.hiddenModels, stored.subagentModel);
  }
}
