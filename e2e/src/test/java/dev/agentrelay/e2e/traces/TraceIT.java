package dev.agentrelay.e2e.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.e2e.traces.SpanCollector.Exported;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One trigger is one trace, from the request over Kafka to the frame for the worker. */
class TraceIT extends SuiteTest {
  private static final String CALLER = "00f067aa0ba902b7";

  private final String trace = UUID.randomUUID().toString().replace("-", "");

  @Test
  void aTriggerIsFollowedToItsWorker() throws Exception {
    SpanCollector collector = open(SpanCollector.start());
    ScriptedWorker worker =
        open(ScriptedWorker.start(me.at(suite.gatewayA().url()), WorkerScript.standard()));
    String session = worker.awaitRegistered().getString("sessionId");

    HttpResponse<String> fired = fire(session);

    assertThat(fired.statusCode()).as(fired.body()).isEqualTo(200);
    Exported request =
        await(collector, "trigger-service", "POST /api/sessions/{sessionId}/trigger", CALLER);
    Exported command = await(collector, "trigger-service", "DeliverTrigger command", request.id());
    Exported carriedOut =
        await(collector, "runner-gateway", "DeliverTrigger carried out", command.id());
    await(collector, "runner-gateway", "session_trigger frame", carriedOut.id());
    assertThat(collector.spans().all().toString()).doesNotContain(me.apiKey());
  }

  private HttpResponse<String> fire(String session) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(suite.edge().resolve("/api/sessions/" + session + "/trigger"))
              .header("x-api-key", me.apiKey())
              .header("Content-Type", "application/json")
              .header("traceparent", "00-" + trace + "-" + CALLER + "-01")
              .POST(BodyPublishers.ofString("{\"type\":\"build\",\"payload\":{}}"))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private Exported await(SpanCollector collector, String service, String name, String parent) {
    return collector
        .spans()
        .await(
            span ->
                span.trace().equals(trace)
                    && span.service().equals(service)
                    && span.name().equals(name)
                    && span.parent().equals(parent),
            LIMIT);
  }
}
