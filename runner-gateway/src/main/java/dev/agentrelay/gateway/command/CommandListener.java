package dev.agentrelay.gateway.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.CommandRequest;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.platform.trace.Traces;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the commands of other services. Many are under way at a time; when there are too many, no
 * more are read. One counts as read when its answer is on its way, so that another replica does
 * what this one leaves undone.
 */
@ApplicationScoped
class CommandListener {
  private static final Logger LOG = Logger.getLogger(CommandListener.class);

  private final CommandRunner runner;
  private final CommandAnswers answers;
  private final ObjectMapper json;
  private final int mostRunning;
  private int running;
  private @Nullable Promise<Void> room;

  CommandListener(
      CommandRunner runner, CommandAnswers answers, ObjectMapper json, CommandRunConfig config) {
    this.runner = runner;
    this.answers = answers;
    this.json = json;
    this.mostRunning = config.running();
  }

  @Incoming("commands")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onCommand(Message<String> message) {
    Future<Void> done =
        carryOut(message.getPayload(), trace(message))
            .transform(over -> Future.fromCompletionStage(message.ack()));
    return begun(done).toCompletionStage();
  }

  private static @Nullable String trace(Message<String> message) {
    return message
        .getMetadata(IncomingKafkaRecordMetadata.class)
        .map(record -> record.getHeaders().lastHeader(Traces.HEADER))
        .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
        .orElse(null);
  }

  private Future<Void> carryOut(String text, @Nullable String trace) {
    CommandRequest request;
    try {
      request = json.readValue(text, CommandRequest.class);
    } catch (JsonProcessingException e) {
      LOG.errorf("a command cannot be read and is left out: %s", e.getOriginalMessage());
      return Future.succeededFuture();
    }
    if (!Topics.isForAnswers(request.replyTo())) {
      LOG.errorf("command %s wants its answer on %s", request.commandId(), request.replyTo());
      return Future.succeededFuture();
    }
    return runner
        .run(request, trace)
        .compose(
            answer ->
                answer.isPresent()
                    ? answers.send(request.replyTo(), answer.get())
                    : Future.succeededFuture())
        .onFailure(
            failure ->
                LOG.errorf(
                    "Command %s has no answer: %s", request.commandId(), failure.getMessage()));
  }

  /** Completes when the next command may be read. */
  private Future<Void> begun(Future<Void> command) {
    synchronized (this) {
      running++;
    }
    command.onComplete(over -> ended());
    synchronized (this) {
      if (running < mostRunning) {
        return Future.succeededFuture();
      }
      room = Promise.promise();
      return room.future();
    }
  }

  /** Waits until no command is under way. Blocks. */
  synchronized void awaitEnd(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      for (long left = end - System.nanoTime();
          running > 0 && left > 0;
          left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    if (running > 0) {
      LOG.warnf("%d commands are left to others", running);
    }
  }

  private void ended() {
    Promise<Void> waiting;
    synchronized (this) {
      running--;
      if (running == 0) {
        notifyAll();
      }
      waiting = room;
      room = null;
    }
    if (waiting != null) {
      waiting.complete();
    }
  }
}
