package dev.agentrelay.gateway;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.GatewayCommand.DeliverTrigger;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.command.GatewayCommands;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;

/** Another service that commands the gateways, over Kafka as they do. */
abstract class CommandingTest extends FamilyTest {
  static final Duration WITHIN = Duration.ofSeconds(20);

  @Inject GatewayCommands commands;

  CommandAnswer send(GatewayCommand command) {
    return send(freshId(), user, command);
  }

  CommandAnswer send(CommandId id, String someone, GatewayCommand command) {
    return commands.send(id, new UserId(someone), command, WITHIN).await().atMost(WITHIN);
  }

  static CommandId freshId() {
    return new CommandId(UUID.randomUUID().toString());
  }

  static DeliverTrigger trigger(String session, String triggerId) {
    return new DeliverTrigger(
        new SessionId(session),
        new JsonText("{\"triggerId\":\"" + triggerId + "\",\"payload\":{\"n\":1.0}}"),
        Duration.ZERO,
        null);
  }
}
