package dev.agentrelay.auth.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.PreferencesChanged;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears changes of preferences as another service does. */
@ApplicationScoped
public class HeardPreferences {
  private final ObjectMapper json;
  private final Map<String, BlockingQueue<PreferencesChanged>> heard = new ConcurrentHashMap<>();

  HeardPreferences(ObjectMapper json) {
    this.json = json;
  }

  @Incoming("heard-preferences")
  void onChanged(String event) throws JsonProcessingException {
    PreferencesChanged changed = json.readValue(event, PreferencesChanged.class);
    of(changed.userId().value()).add(changed);
  }

  PreferencesChanged next(String user) {
    try {
      PreferencesChanged next = of(user).poll(20, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private BlockingQueue<PreferencesChanged> of(String user) {
    return heard.computeIfAbsent(user, key -> new LinkedBlockingQueue<>());
  }
}
