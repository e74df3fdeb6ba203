package dev.agentrelay.gateway.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.RunnerEvent;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/**
 * Says on Kafka what happens to sessions and runners. Never waits for Kafka: up to the channel's
 * buffer is kept while it is away.
 */
@Singleton
public class LifecycleEvents {
  private static final Logger LOG = Logger.getLogger(LifecycleEvents.class);
  private static final long BUFFER = 100_000;

  private final MutinyEmitter<Record<String, String>> sessions;
  private final MutinyEmitter<Record<String, String>> runners;
  private final MutinyEmitter<Record<String, String>> triggers;
  private final MutinyEmitter<Record<String, String>> notices;
  private final ObjectMapper json;
  private final AtomicInteger untaken = new AtomicInteger();

  LifecycleEvents(
      @Channel("sessions") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<Record<String, String>> sessions,
      @Channel("runners") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<Record<String, String>> runners,
      @Channel("triggers") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<Record<String, String>> triggers,
      @Channel("notices") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<Record<String, String>> notices,
      ObjectMapper json,
      RelayMetrics metrics) {
    this.sessions = sessions;
    this.runners = runners;
    this.triggers = triggers;
    this.notices = notices;
    this.json = json;
    // Those of all channels against the bound of one: it warns early rather than late.
    metrics.bound(Bound.LIFECYCLE_EVENTS, untaken::get, BUFFER);
  }

  public void say(SessionEvent event) {
    send(sessions, event.sessionId().value(), event, SessionEvent.class);
  }

  public void say(RunnerEvent event) {
    send(runners, event.runnerId().value(), event, RunnerEvent.class);
  }

  /** What belongs into a session's trigger history. */
  public void say(TriggerEvent event) {
    send(triggers, event.sessionId().value(), event, TriggerEvent.class);
  }

  /** What an agent's owner may want to hear of. */
  public void say(AgentNotice notice) {
    send(notices, notice.about().sessionId().value(), notice, AgentNotice.class);
  }

  private <T> void send(
      MutinyEmitter<Record<String, String>> emitter, String key, T event, Class<T> type) {
    String value;
    try {
      value = json.writerFor(type).writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("lifecycle events are plain records", e);
    }
    untaken.incrementAndGet();
    emitter
        .send(Record.of(key, value))
        .onTermination()
        .invoke(untaken::decrementAndGet)
        .subscribe()
        .with(
            sent -> {},
            failure ->
                LOG.errorf("Kafka did not take an event of %s: %s", key, failure.getMessage()));
  }
}
