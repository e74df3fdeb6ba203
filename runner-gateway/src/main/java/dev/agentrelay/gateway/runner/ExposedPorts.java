package dev.agentrelay.gateway.runner;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.socketio.RawJson;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps in a runner's record which ports its {@code tunnel} service has exposed, as that service
 * says it of itself (tunnel.md 8). Only of a daemon that has just started all are known: one that
 * comes back does not repeat those from before, and refuses what is closed by itself.
 */
@Singleton
class ExposedPorts implements RunnerFeature {
  private static final Logger LOG = Logger.getLogger(ExposedPorts.class);
  private static final String TUNNEL = "tunnel";
  private static final int HIGHEST_PORT = 65_535;
  private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);

  private final RunnerRecords records;

  ExposedPorts(RunnerRecords records) {
    this.records = records;
  }

  @Override
  public Map<String, BiConsumer<RunnerConnection, RawObject>> events() {
    Ports ports = new Ports();
    return Map.of("service_message", ports::said, "service_announce", ports::announced);
  }

  /** What one daemon has said in one connection; confined to its socket's event loop. */
  private final class Ports {
    private @Nullable SortedSet<Integer> exposed;

    /** A daemon that starts names its first ports before it announces its services. */
    private boolean cameBack;

    private boolean retrying;

    void said(RunnerConnection runner, RawObject envelope) {
      String type = TUNNEL.equals(envelope.text("serviceId")) ? envelope.text("type") : null;
      RawObject payload = type == null ? null : envelope.object("payload");
      Long port = payload == null ? null : payload.number("port");
      if (cameBack || type == null || port == null || port < 1 || port > HIGHEST_PORT) {
        return;
      }
      SortedSet<Integer> now = exposed == null ? new TreeSet<>() : new TreeSet<>(exposed);
      boolean changed =
          switch (type) {
            case "tunnel_registered" -> now.add(port.intValue());
            // what is said to one session only has other sessions that keep the port exposed
            case "tunnel_removed" -> !envelope.has("sessionId") && now.remove(port.intValue());
            default -> false;
          };
      if (changed) {
        exposed = now;
        store(runner);
      }
    }

    /** A service that is gone says nothing more of its ports. */
    void announced(RunnerConnection runner, RawObject announce) {
      boolean there =
          lists(announce, "serviceIds", TUNNEL) && !lists(announce, "disabledServiceIds", TUNNEL);
      if (exposed == null) {
        cameBack = true;
      } else if (!there) {
        exposed = null;
        store(runner);
      }
    }

    private void store(RunnerConnection runner) {
      String text =
          exposed == null
              ? ""
              : JsonValues.array(exposed.stream().map(port -> RawJson.of(port.toString())).toList())
                  .toString();
      Map<RunnerField, String> fields = Map.of(RunnerField.TUNNELS, text);
      runner.remember(fields);
      runner
          .afterEarlierReports(() -> records.change(runner.id(), runner.connection(), fields))
          .onFailure(
              failure -> {
                LOG.warnf(
                    "The exposed ports of runner %s are not stored yet: %s",
                    runner.id(), failure.getMessage());
                runner.socket().context().runOnContext(turn -> storeLater(runner));
              });
    }

    private void storeLater(RunnerConnection runner) {
      if (!retrying && runner.socket().isConnected()) {
        retrying = true;
        runner
            .socket()
            .context()
            .owner()
            .setTimer(
                TRY_AGAIN_AFTER.toMillis(),
                timer ->
                    runner
                        .socket()
                        .context()
                        .runOnContext(
                            turn -> {
                              retrying = false;
                              store(runner);
                            }));
      }
    }
  }

  private static boolean lists(RawObject announce, String member, String service) {
    List<RawJson> services = JsonValues.elements(announce.get(member));
    return services != null
        && services.stream().anyMatch(each -> service.equals(JsonValues.text(each)));
  }
}
