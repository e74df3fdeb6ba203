package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ScriptedHub;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What a heartbeat brings besides its being one (sockets.md 4.4.3). */
@QuarkusTest
class HeartbeatTest extends GatewayTest {
  private final String id = UUID.randomUUID().toString();

  @Test
  void itsPartsOfTheMetaStateAreTakenOverAndNoOthers() {
    BareSession session = BareSession.register(this, id);
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    JSONObject expected = hub.subscribeMeta(id).put("version", 1);
    JSONObject parts =
        new JSONObject(
            "{'todoList':[1],'pendingQuestion':{'a':1},'pendingPlan':{'a':2},"
                + "'planModeEnabled':true,'isCompacting':true,'retryState':{'a':3},"
                + "'pendingPluginTrust':{'a':4},'mcpStartupReport':{'a':5},'tokenUsage':{'a':6},"
                + "'providerUsage':{'a':7},'thinkingLevel':'low','authSource':'env',"
                + "'model':{'provider':'p','id':'m'}}");
    JSONObject heartbeat = new JSONObject(parts.toString()).put("type", "heartbeat");
    session.sendStored(heartbeat.put("active", true).put("goal", "none").put("extra", 1));
    parts.keySet().forEach(member -> expected.put(member, parts.get(member)));
    JSONObject state = hub.subscribeMeta(id);
    assertThat(state.similar(expected)).as(state.toString()).isTrue();
  }
}
