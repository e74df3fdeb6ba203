package dev.agentrelay.e2e.drills;

import dev.agentrelay.e2e.suite.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The faults that happen most, once each. */
class QuickDrillsIT extends Drill {

  @Test
  void aGatewayCrashes() throws Exception {
    Part gateway = suite.part("runner-gateway-1");
    survive("crash of a gateway", gateway::kill);
    gateway.start();
  }

  @Test
  void redisComesBackEmpty() throws Exception {
    Part redis = suite.part("redis");
    survive(
        "Redis comes back empty",
        () -> {
          redis.kill();
          redis.forget("appendonlydir");
          redis.start();
        });
  }

  @Test
  void everyServiceIsDeployedAnew() throws Exception {
    List<String> services =
        List.of(
            "runner-gateway-1",
            "runner-gateway-2",
            "auth-service",
            "session-service",
            "trigger-service",
            "webhook-service",
            "push-service",
            "tunnel-service");
    survive(
        "rolling restart",
        () ->
            services.stream()
                .map(suite::part)
                .forEach(
                    part -> {
                      part.terminate();
                      part.start();
                    }));
  }
}
