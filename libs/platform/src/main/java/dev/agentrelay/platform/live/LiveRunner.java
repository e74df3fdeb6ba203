package dev.agentrelay.platform.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A registered runner's record as gates need it.
 *
 * @param exposedPorts the ports its {@code tunnel} service has exposed; {@code null} while nobody
 *     has heard of them, which is no evidence that there are none
 */
public record LiveRunner(RunnerId runnerId, UserId userId, @Nullable Set<Integer> exposedPorts) {

  /** The fields that {@link #of} reads. */
  static final List<RunnerField> FIELDS = List.of(RunnerField.USER_ID, RunnerField.TUNNELS);

  private static final ObjectMapper JSON = new ObjectMapper();

  static LiveRunner of(RunnerId id, String userId, @Nullable String tunnels) {
    return new LiveRunner(id, new UserId(userId), tunnels == null ? null : ports(id, tunnels));
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
