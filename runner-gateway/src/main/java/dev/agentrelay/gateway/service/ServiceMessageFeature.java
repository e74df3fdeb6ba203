package dev.agentrelay.gateway.service;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerConnection;
import dev.agentrelay.gateway.runner.RunnerFeature;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.BiConsumer;

/** Envelopes from daemons. */
@Singleton
class ServiceMessageFeature implements RunnerFeature {
  private final ServiceMessages messages;

  ServiceMessageFeature(ServiceMessages messages) {
    this.messages = messages;
  }

  @Override
  public Map<String, BiConsumer<RunnerConnection, RawObject>> events() {
    return Map.of(ServiceMessages.EVENT, messages::fromRunner);
  }
}
