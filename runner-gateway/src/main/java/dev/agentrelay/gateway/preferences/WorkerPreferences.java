package dev.agentrelay.gateway.preferences;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.PreferencesChanged;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.session.OwnedSessions;
import dev.agentrelay.gateway.worker.WorkerFeature;
import dev.agentrelay.platform.preferences.PreferenceDirectory;
import dev.agentrelay.platform.preferences.UserPreferences;
import dev.agentrelay.socketio.RawJson;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the workers on this replica what their users prefer: the default model of subagents when
 * they register, and whatever is saved later (sockets.md 3.1, rest.md 6.5). Every replica hears
 * every change.
 */
@ApplicationScoped
public class WorkerPreferences implements WorkerFeature {
  private static final Logger LOG = Logger.getLogger(WorkerPreferences.class);

  private final OwnedSessions sessions;
  private final PreferenceDirectory directory;
  private final ObjectMapper json;

  WorkerPreferences(OwnedSessions sessions, PreferenceDirectory directory, ObjectMapper json) {
    this.sessions = sessions;
    this.directory = directory;
    this.json = json;
  }

  /** A worker that has just registered goes without while nobody can be asked. */
  @Override
  public void registered(OwnedSession session) {
    directory
        .of(session.user())
        .subscribe()
        .with(
            preferences -> {
              if (preferences.subagentModel() != null) {
                tellSubagentModel(session, preferences.subagentModel());
              }
            },
            failure ->
                LOG.debugf("session %s is not told its preferences: %s", session.id(), failure));
  }

  @Incoming("preferences")
  void onChanged(String event) {
    PreferencesChanged changed;
    try {
      changed = json.readValue(event, PreferencesChanged.class);
    } catch (JsonProcessingException e) {
      LOG.errorf("a change of preferences cannot be read: %s", e);
      return;
    }
    directory.learn(
        changed.userId(), new UserPreferences(changed.hiddenModels(), changed.subagentModel()));
    for (OwnedSession session : sessions.of(changed.userId())) {
      switch (changed.saved()) {
        case HIDDEN_MODELS -> tellHiddenModels(session, changed.hiddenModels());
        case SUBAGENT_MODEL -> tellSubagentModel(session, changed.subagentModel());
      }
    }
  }

  private void tellHiddenModels(OwnedSession session, List<String> models) {
    session
        .worker()
        .emit(
            "hidden_models_update", RawObject.empty().put("hiddenModels", asJson(models)).toJson());
  }

  private void tellSubagentModel(OwnedSession session, @Nullable String model) {
    session.worker().emit("subagent_model_update", RawObject.empty().put("model", model).toJson());
  }

  private RawJson asJson(List<String> texts) {
    try {
      return RawJson.of(json.writeValueAsString(texts));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }
}
