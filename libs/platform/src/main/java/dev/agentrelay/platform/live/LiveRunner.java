package dev.agentrelay.platform.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A registered runner's record as gates and the trigger catalogue need it.
 *
 * @param announce what the daemon last announced of its services, as one JSON object; absent before
 *     the first time
 * @param exposedPorts the ports its {@code tunnel} service has exposed; {@code null} while nobody
 *     has heard of them, which is no evidence that there are none
 */
public record LiveRunner(
    RunnerId runnerId,
    UserId userId,
    @Nullable String name,
    @Nullable String announce,
    @Nullable Set<Integer> exposedPorts) {

  /** The fields that {@link #of} reads. */
  static final List<RunnerField> FIELDS =
      List.of(RunnerField.USER_ID, RunnerField.NAME, RunnerField.ANNOUNCE, RunnerField.TUNNELS);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads a record's fields; {@code null} when they are those of no registered runner. */
  static @Nullable LiveRunner of(RunnerId id, Map<RunnerField, String> fields) {
    String userId = fields.get(RunnerField.USER_ID);
    String name = fields.get(RunnerField.NAME);
    String tunnels = fields.get(RunnerField.TUNNELS);
    return userId == null
        ? null
        : new LiveRunner(
            id,
            new UserId(userId),
            name == null || name.isEmpty() ? null : name,
            fields.get(RunnerField.ANNOUNCE),
            tunnels == null || tunnels.isEmpty() ? null : ports(id, tunnels));
  }

  /** Whether the runner is known not to have exposed a port. */
  public boolean isClosed(int port) {
    return exposedPorts != null && !exposedPorts.contains(port);
  }

  private static Set<Integer> ports(RunnerId id, String tunnels) {
    try {
      Set<Integer> ports = new HashSet<>();
      for (JsonNode port : JSON.readTree(tunnels)) {
        ports.add(port.asInt());
      }
      return Set.copyOf(ports);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the gateway stored ports that are not JSON for runner " + id, e);
    }
  }
}
