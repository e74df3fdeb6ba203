package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.PreferencesChanged;
import dev.agentrelay.contracts.PreferencesChanged.Preference;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.preferences.PreferenceDirectory;
import dev.agentrelay.platform.preferences.UserPreferences;
import dev.agentrelay.testkit.clients.AwaitTimeoutException;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What people save in their settings reaches their workers, and nobody else's. */
@QuarkusTest
class WorkerPreferencesTest extends GatewayTest {
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final int TRIES = 10;

  @Inject PreferenceDirectory directory;
  @Inject ObjectMapper json;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private void save(Preference saved) {
    PreferencesChanged changed =
        new PreferencesChanged(
            new UserId(user), saved, List.of("a/one", "a/two"), "a/three", Instant.now());
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer
          .send(new ProducerRecord<>(Topics.PREFERENCES, user, json.writeValueAsString(changed)))
          .get();
    } catch (JsonProcessingException | InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Saves until the worker hears: the gateway hears what is said from its start on. */
  private Received saveUntil(ScriptedWorker worker, Preference saved, String event) {
    for (int tries = 1; tries < TRIES; tries++) {
      save(saved);
      try {
        return worker.inbox().await(received -> received.is(event), SHORT);
      } catch (AwaitTimeoutException notYet) {
        // The gateway may not have been listening.
      }
    }
    return worker.inbox().await(received -> received.is(event), SHORT);
  }

  @Test
  void runningWorkersHearWhatIsSaved() {
    ScriptedWorker worker = worker(WorkerScript.standard());
    ScriptedWorker strangers =
        open(ScriptedWorker.start(as("somebody else"), WorkerScript.standard()));
    strangers.awaitRegistered();
    Received hidden = saveUntil(worker, Preference.HIDDEN_MODELS, "hidden_models_update");
    assertThat(hidden.payload().toString()).isEqualTo("{\"hiddenModels\":[\"a/one\",\"a/two\"]}");
    Received model = saveUntil(worker, Preference.SUBAGENT_MODEL, "subagent_model_update");
    assertThat(model.text("model")).isEqualTo("a/three");
    assertThat(strangers.inbox().all()).noneMatch(received -> received.is("hidden_models_update"));
  }

  @Test
  void aWorkerThatRegistersIsToldTheModelOfItsSubagents() {
    directory.learn(new UserId(user), new UserPreferences(List.of(), "a/default"));
    ScriptedWorker worker = worker(WorkerScript.standard());
    Received told = worker.inbox().await(received -> received.is("subagent_model_update"), LIMIT);
    assertThat(told.text("model")).isEqualTo("a/default");
  }
}
