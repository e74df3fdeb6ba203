package dev.agentrelay.auth.preferences;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lets people hide models and choose one for subagents (rest.md 6.5, X28, X29). */
@CallerRequired
@Path("/api/settings")
@Produces(MediaType.APPLICATION_JSON)
public class SettingsResource {
  /** An id may contain slashes itself. */
  private static final Pattern MODEL = Pattern.compile("[^/\\s]+/\\S+");

  private final JsonBody json;
  private final CurrentCaller caller;
  private final Preferences preferences;

  SettingsResource(JsonBody json, CurrentCaller caller, Preferences preferences) {
    this.json = json;
    this.caller = caller;
    this.preferences = preferences;
  }

  record HiddenModels(List<String> hiddenModels) {}

  record HiddenModelsSaved(boolean ok, List<String> hiddenModels) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record SubagentModel(@Nullable String model) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record SubagentModelSaved(boolean ok, @Nullable String model) {}

  @GET
  @Path("/hidden-models")
  @RunOnVirtualThread
  public HiddenModels hiddenModels() {
    return new HiddenModels(preferences.of(caller.userId()).hiddenModels);
  }

  /** Answers what came, not what is stored of it. */
  @PUT
  @Path("/hidden-models")
  @RunOnVirtualThread
  public HiddenModelsSaved hideModels(@Nullable String text) {
    List<String> models = new ArrayList<>();
    for (JsonNode model : json.orEmpty(text).path("hiddenModels")) {
      if (model.isTextual()) {
        models.add(model.textValue());
      }
    }
    preferences.hideModels(caller.userId(), models);
    return new HiddenModelsSaved(true, models);
  }

  @GET
  @Path("/subagent-model")
  @RunOnVirtualThread
  public SubagentModel subagentModel() {
    return new SubagentModel(preferences.of(caller.userId()).subagentModel);
  }

  @PUT
  @Path("/subagent-model")
  @RunOnVirtualThread
  public SubagentModelSaved setSubagentModel(@Nullable String text) {
    String asked = JsonBody.text(json.orEmpty(text), "model");
    String model = asked == null || asked.isBlank() ? null : asked.strip();
    if (model != null && !MODEL.matcher(model).matches()) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST, "Invalid model — expected \"provider/id\"");
    }
    preferences.setSubagentModel(caller.userId(), model);
    return new SubagentModelSaved(true, model);
  }
}
