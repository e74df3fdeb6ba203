package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.stores.OwnStores;
import dev.agentrelay.testkit.stores.Store;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Kafka that is away delays nobody, and hears of everything when it is back. */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka"),
    restrictToAnnotatedClass = true)
class KafkaAwayTest extends GatewayTest {
  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private final String id = UUID.randomUUID().toString();

  @Test
  void aQuestionAndAnEndFromMeanwhileAreTold() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession session = BareSession.register(this, id);
    RelaySocket viewer = session.view();
    SaidOnKafka.read(kafka, Topics.SESSIONS, id, 1, SessionEvent.class);

    OwnStores.kill("kafka");
    session.sendStored(
        Json.object(
            "type", "tool_execution_start",
            "toolName", "AskUserQuestion",
            "toolCallId", "call_1",
            "args", Json.object("question", "Drop it?")));
    BareSession.envelope(viewer, "tool_execution_start");
    session.end();
    hub.await("session_removed", id);

    try (Store kafkaIsBack = OwnStores.startAgain("kafka")) {
      assertThat(kafkaIsBack.url()).isEqualTo(kafka);
      assertThat(SaidOnKafka.read(kafka, Topics.NOTICES, id, 2, AgentNotice.class))
          .hasExactlyElementsOfTypes(AgentNotice.Asked.class, AgentNotice.Settled.class);
      assertThat(SaidOnKafka.read(kafka, Topics.SESSIONS, id, 3, SessionEvent.class))
          .hasExactlyElementsOfTypes(
              SessionEvent.Started.class, SessionEvent.Active.class, SessionEvent.Ended.class);
    }
  }
}
