package dev.agentrelay.webhook.dispatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.RunnerEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Hears on {@code relay.runners} which runners are back. */
@ApplicationScoped
class RunnerEventListener {
  private static final Logger LOG = Logger.getLogger(RunnerEventListener.class);

  private final OfflineQueue queue;
  private final ObjectMapper json;

  RunnerEventListener(OfflineQueue queue, ObjectMapper json) {
    this.queue = queue;
    this.json = json;
  }

  /** On threads of its own, so that no more are read than the ledger can be asked about. */
  @Incoming("runners")
  @RunOnVirtualThread
  void onEvent(String text) {
    try {
      if (json.readValue(text, RunnerEvent.class) instanceof RunnerEvent.Connected connected) {
        queue.runnerIsBack(connected.runnerId());
      }
    } catch (JsonProcessingException e) {
      LOG.errorf("a runner event cannot be read and is left out: %s", e.getOriginalMessage());
    }
  }
}
