package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A page's namespaces share one connection. A client whose namespace was ended never comes back to
 * it, so the end of one must not be the end of all (sockets.md 1.3).
 */
@QuarkusTest
class SharedConnectionTest extends GatewayTest {
  private RawBrowser page;

  @BeforeEach
  void openThePage() {
    page = open(new RawBrowser(relay));
    page.awaitMessage("0{");
    join("/hub", new JSONObject());
    page.awaitMessage("42/hub,[\"sessions\"");
  }

  private void join(String namespace, JSONObject auth) {
    page.send("40" + namespace + "," + auth.put("apiKey", TestingCallers.keyOf(user)));
  }

  private void stillHearsOfSessions() {
    BareSession session = BareSession.register(this, UUID.randomUUID().toString());
    assertThat(page.awaitMessage("42/hub,[\"session_added\"")).contains(session.id);
  }

  @Test
  void aTerminalThatIsNoneEndsItsNamespaceAlone() {
    join("/terminal", Json.object("terminalId", "unknown"));
    assertThat(page.awaitMessage("42/terminal,[\"terminal_error\"")).contains("Terminal not found");
    page.awaitMessage("41/terminal,");
    stillHearsOfSessions();
  }

  @Test
  void aSessionThatIsNoneEndsItsNamespaceAlone() {
    join("/viewer", Json.object("sessionId", UUID.randomUUID().toString()));
    page.awaitMessage("42/viewer,[\"error\"");
    page.awaitMessage("41/viewer,");
    stillHearsOfSessions();
  }

  @Test
  void theEndOfASessionEndsItsViewersNamespaceAlone() {
    BareSession session = BareSession.register(this, UUID.randomUUID().toString());
    page.awaitMessage("42/hub,[\"session_added\"");
    join("/viewer", new JSONObject());
    page.awaitMessage("40/viewer,{");
    page.send("42/viewer,[\"switch_session\"," + Json.object("sessionId", session.id) + "]");
    page.awaitMessage("42/viewer,[\"connected\"");
    session.end();
    page.awaitMessage("42/viewer,[\"disconnected\"");
    // the hub hears of the end before or after
    page.awaitMessage("41/viewer,");
    stillHearsOfSessions();
  }
}
