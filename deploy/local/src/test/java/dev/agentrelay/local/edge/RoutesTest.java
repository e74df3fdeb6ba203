package dev.agentrelay.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each public path of the contract (rest.md sections 0.1 and Part 2) and who answers it. */
class RoutesTest {
  private final Routes routes = Routes.read(Path.of("..", "routes.yaml"));

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /socket.io/,                                          runner-gateway
          /health,                                              runner-gateway
          /status,                                              runner-gateway
          /api/status,                                          runner-gateway
          /api/runners,                                         runner-gateway
          /api/runners/spawn,                                   runner-gateway
          /api/runners/restart,                                 runner-gateway
          /api/runners/stop,                                    runner-gateway
          /api/runners/terminal,                                runner-gateway
          /api/runners/r1/recent-folders,                       runner-gateway
          /api/runners/r1/models,                               runner-gateway
          /api/runners/r1/services,                             runner-gateway
          /api/runners/r1/services/git/enabled,                 runner-gateway
          /api/runners/r1/skills,                               runner-gateway
          /api/runners/r1/skills/triggers,                      runner-gateway
          /api/runners/r1/agents/schedules,                     runner-gateway
          /api/runners/r1/files,                                runner-gateway
          /api/runners/r1/search-files,                         runner-gateway
          /api/runners/r1/read-file,                            runner-gateway
          /api/runners/r1/browse,                               runner-gateway
          /api/runners/r1/sandbox-status,                       runner-gateway
          /api/runners/r1/sandbox-config,                       runner-gateway
          /api/runners/r1/usage,                                runner-gateway
          /api/runners/r1/plugins/refresh,                      runner-gateway
          /api/runners/r1/analysis/s1,                          runner-gateway
          /api/runners/r1/settings,                             runner-gateway
          /api/runners/r1/packages/install,                     runner-gateway
          /api/runners/r1/providers/login/status,               runner-gateway
          /api/runners/r1/mcp/reload,                           runner-gateway
          /api/sessions/s1/model,                               runner-gateway
          /api/sessions/s1/abort,                               runner-gateway
          /api/sessions/s1/thinking,                            runner-gateway
          /api/sessions/s1/available-sigils,                    runner-gateway
          /api/mcp-oauth-callback,                              runner-gateway
          /api/runners/r1/triggers,                             trigger-service
          /api/runners/r1/trigger-listeners,                    trigger-service
          /api/runners/r1/trigger-listeners/time%3Acron,        trigger-service
          /api/runners/r1/trigger-broadcast,                    trigger-service
          /api/runners/r1/schedules,                            trigger-service
          /api/sessions/s1/trigger,                             trigger-service
          /api/sessions/runner-listener:listener:r1:x:1:a/trigger, trigger-service
          /api/sessions/s1/triggers,                            trigger-service
          /api/sessions/s1/available-triggers,                  trigger-service
          /api/sessions/s1/trigger-subscriptions,               trigger-service
          /api/sessions/s1/trigger-subscriptions/time:cron,     trigger-service
          /api/events,                                          trigger-service
          /api/routes,                                          trigger-service
          /api/routes/sub1,                                     trigger-service
          /api/deliveries/d1/response,                          trigger-service
          /api/sessions,                                        session-service
          /api/sessions/pinned,                                 session-service
          /api/sessions/s1/pin,                                 session-service
          /api/sessions/s1/attachments,                         session-service
          /api/attachments/a1,                                  session-service
          /api/attachments/a1/token,                            session-service
          /api/auth/sign-in/email,                              auth-service
          /api/auth/api-key/create,                             auth-service
          /api/register,                                        auth-service
          /api/signup-status,                                   auth-service
          /api/me,                                              auth-service
          /api/version,                                         auth-service
          /api/openapi.json,                                    auth-service
          /api/asyncapi.json,                                   auth-service
          /api/docs,                                            auth-service
          /api/settings/hidden-models,                          auth-service
          /api/settings/subagent-model,                         auth-service
          /api/operator,                                        auth-service
          /api/operator/replicas,                               auth-service
          /console/,                                            auth-service
          /console/main.js,                                     auth-service
          /api/setup-claim,                                     auth-service
          /api/setup-claim/t1/approve,                          auth-service
          /api/setup-claim-info/t1,                             auth-service
          /api/mobile-link,                                     auth-service
          /api/mobile-link/m1/redeem,                           auth-service
          /api/webhooks,                                        webhook-service
          /api/webhooks/w1/fire,                                webhook-service
          /api/push/vapid-public-key,                           push-service
          /api/push/register-native,                            push-service
          /_tunnel,                                             tunnel-service
          /api/tunnel/s1/3000/,                                 tunnel-service
          /api/tunnel/runner/r1/3000/a/b,                       tunnel-service
          /api/tunnel/auth/t/runner%3Ar1/3000/,                 tunnel-service
          /api/tunnel-token,                                    tunnel-service
          """)
  void eachPublicPathHasItsService(String path, String service) {
    assertThat(routes.serviceFor(path)).contains(service);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/internal/callers",
        "/q/health/ready",
        "/session/s1",
        "/health/",
        "/_tunnel/x",
        "/api",
        "/api/unknown",
        "/api/mobile/ota/manifest.json",
        "/api/statuses",
        "/api/registered"
      })
  void everythingElseHasNone(String path) {
    assertThat(routes.serviceFor(path)).isEmpty();
  }

  @Test
  void aPathThatOnlyContainsAnotherIsNotTakenForIt() {
    assertThat(routes.serviceFor("/x/api/runners")).isEmpty();
    assertThat(routes.serviceFor("/x/socket.io/")).isEmpty();
  }
}
