package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What viewers hear of their runner's services (sockets.md 4.15). */
@QuarkusTest
class AnnounceTest extends FamilyTest {
  private final String runnerId = "runner-" + UUID.randomUUID();

  private static JSONObject panel(String service, int port) {
    return Json.object("serviceId", service, "port", port, "placement", "left-top");
  }

  private RelaySocket runner() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit("register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s"));
    runner.await("runner_registered");
    return runner;
  }

  @Test
  void viewersGetAllOnceAndThenWhatChanges() {
    RelaySocket runner = runner();
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    Member worker = member();
    runner.emit("session_ready", Json.object("sessionId", worker.id()));
    hub.inbox()
        .await(
            event -> event.is("session_status") && runnerId.equals(event.text("runnerId")), LIMIT);
    ScriptedViewer viewer = viewerOf(worker);
    JSONObject first =
        Json.object("serviceIds", Json.array("git", "time"), "panels", Json.array(panel("git", 1)));
    runner.emit("service_announce", first);
    JSONObject full = viewer.inbox().await(event -> event.is("service_announce"), LIMIT).payload();
    assertThat(full.getString("runnerId")).isEqualTo(runnerId);
    assertThat(full.getBoolean("_runnerRef")).isTrue();

    runner.emit("service_announce", first);
    runner.emit(
        "service_announce",
        Json.object(
            "serviceIds", Json.array("git", "memory"),
            "panels", Json.array(panel("git", 2), panel("memory", 3))));
    JSONObject delta =
        viewer.inbox().await(event -> event.is("service_announce_delta"), LIMIT).payload();
    JSONObject expected =
        Json.object(
            "added",
            Json.object(
                "serviceIds", Json.array("memory"),
                "panels", Json.array(panel("memory", 3)),
                "triggerDefs", Json.array(),
                "sigilDefs", Json.array()),
            "removed",
            Json.object(
                "serviceIds", Json.array("time"),
                "panels", Json.array(),
                "triggerDefs", Json.array(),
                "sigilDefs", Json.array()),
            "updated",
            Json.object(
                "panels", Json.array(panel("git", 2)),
                "triggerDefs", Json.array(),
                "sigilDefs", Json.array()),
            "runnerId",
            runnerId,
            "_runnerRef",
            true);
    assertThat(delta.similar(expected)).as(delta.toString()).isTrue();
    assertThat(viewer.inbox().all()).filteredOn(event -> event.is("service_announce")).hasSize(1);
  }

  @Test
  void aDaemonThatComesBackAnnouncesItAllAgainAndALateViewerIsToldToo() {
    JSONObject services = Json.object("serviceIds", Json.array("git"), "x", 1);
    RelaySocket first = runner();
    Member worker = member();
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    first.emit("session_ready", Json.object("sessionId", worker.id()));
    hub.await("session_status", worker.id());
    ScriptedViewer viewer = viewerOf(worker);
    first.emit("service_announce", services);
    viewer.inbox().await(event -> event.is("service_announce"), LIMIT);
    long mark = viewer.inbox().mark();
    runner().emit("service_announce", services);
    JSONObject again =
        viewer.inbox().awaitAfter(mark, event -> event.is("service_announce"), LIMIT).payload();
    assertThat(again.has("generation")).isFalse();
    JSONObject late =
        viewerOf(worker).inbox().await(event -> event.is("service_announce"), LIMIT).payload();
    assertThat(late.has("generation")).isTrue();
    late.remove("generation");
    assertThat(late.similar(again)).as(late.toString()).isTrue();
  }
}
