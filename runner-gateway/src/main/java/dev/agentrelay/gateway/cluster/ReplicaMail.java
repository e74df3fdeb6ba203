package dev.agentrelay.gateway.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.gateway.cluster.Mail.Answer;
import dev.agentrelay.gateway.cluster.Mail.Asked;
import dev.agentrelay.gateway.cluster.Mail.Notice;
import dev.agentrelay.gateway.cluster.Mail.Parcel;
import dev.agentrelay.gateway.cluster.Mail.Question;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Subscriptions;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.socketio.RawJson;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Mail between replicas through Redis: one header line of JSON, then the raw argument. Addressed to
 * the replica that holds a socket; what is for this replica itself takes no detour. Redis tells at
 * once when nobody receives it.
 */
@Startup
@Singleton
public class ReplicaMail {
  private static final Logger LOG = Logger.getLogger(ReplicaMail.class);
  private static final int MAX_OUTSTANDING = 10_000;

  /**
   * A larger value is stored and fetched: Redis drops a subscriber that has too much waiting for
   * it.
   */
  private static final int MAX_LETTER_BYTES = 1_048_576;

  private static final Duration PARCEL_TTL = Duration.ofSeconds(30);

  /** What the way there and back may take beyond the socket's own wait. */
  private static final Duration TRANSIT = Duration.ofSeconds(3);

  private final Replica self;
  private final RedisLink redis;
  private final Vertx vertx;
  private final ObjectMapper json;
  private final AtomicLong nextId = new AtomicLong();
  private final Map<String, Promise<Reply>> outstanding = new ConcurrentHashMap<>();
  private final Map<Class<?>, BiFunction<Question, @Nullable RawJson, Future<Reply>>> answering =
      new ConcurrentHashMap<>();
  private final Map<Class<?>, BiConsumer<Notice, @Nullable RawJson>> noticing =
      new ConcurrentHashMap<>();

  ReplicaMail(
      Replica self,
      RedisLink redis,
      Subscriptions subscriptions,
      Vertx vertx,
      ObjectMapper json,
      RelayMetrics metrics) {
    this.self = self;
    this.redis = redis;
    this.vertx = vertx;
    this.json = json;
    subscriptions.listen(LiveKeys.replicaChannel(self.id()), this::receive);
    metrics.bound(Bound.MAIL, outstanding::size, MAX_OUTSTANDING);
  }

  /** Says who answers questions of one kind that concern this replica's sockets. */
  public <Q extends Question> void answer(
      Class<Q> kind, BiFunction<Q, @Nullable RawJson, Future<Reply>> handler) {
    answering.put(kind, (question, argument) -> handler.apply(kind.cast(question), argument));
  }

  /** Says who takes notices of one kind. */
  public <N extends Notice> void take(Class<N> kind, BiConsumer<N, @Nullable RawJson> handler) {
    noticing.put(kind, (notice, argument) -> handler.accept(kind.cast(notice), argument));
  }

  /**
   * Asks the replica that holds a socket.
   *
   * @param wait how long the socket itself is given; the way there and back comes on top
   * @return never fails for a peer that is gone ({@link Reply#ABSENT}); fails when Redis cannot be
   *     asked
   */
  public Future<Reply> ask(
      ReplicaId to, Question question, @Nullable RawJson argument, Duration wait) {
    if (to.equals(self.id())) {
      return handle(question, argument);
    }
    if (outstanding.size() >= MAX_OUTSTANDING) {
      return Future.failedFuture("too many questions to other replicas are open");
    }
    String id = Long.toString(nextId.incrementAndGet());
    Promise<Reply> promise = Promise.promise();
    outstanding.put(id, promise);
    long timer =
        vertx.setTimer(wait.plus(TRANSIT).toMillis(), tick -> promise.tryComplete(Reply.LOST));
    publish(to, new Asked(id, self.id(), question), argument)
        .onSuccess(
            received -> {
              if (!received) {
                promise.tryComplete(Reply.ABSENT);
              }
            })
        .onFailure(promise::tryFail);
    return promise
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              outstanding.remove(id);
            });
  }

  /** Tells a replica something; lost when it is gone. */
  public void tell(ReplicaId to, Notice notice) {
    tell(to, notice, null);
  }

  /** Tells a replica something with an argument; lost when it is gone. */
  public void tell(ReplicaId to, Notice notice, @Nullable RawJson argument) {
    if (to.equals(self.id())) {
      notice(notice, argument);
    } else {
      publish(to, notice, argument)
          .onFailure(
              failure -> LOG.warnf("Could not tell replica %s: %s", to, failure.getMessage()));
    }
  }

  private Future<Boolean> publish(ReplicaId to, Mail mail, @Nullable RawJson argument) {
    Buffer message = Buffer.buffer();
    try {
      message
          .appendBytes(json.writerFor(Mail.class).writeValueAsBytes(mail))
          .appendByte((byte) '\n');
    } catch (JsonProcessingException e) {
      return Future.failedFuture(e);
    }
    if (argument != null) {
      message.appendBytes(argument.array(), argument.offset(), argument.length());
    }
    return redis
        .send(Request.cmd(Command.PUBLISH).arg(LiveKeys.replicaChannel(to)).arg(message))
        .map(receivers -> receivers != null && receivers.toLong() > 0);
  }

  private void receive(Response message) {
    byte[] bytes = message.toBytes();
    int end = 0;
    while (bytes[end] != '\n') {
      end++;
    }
    RawJson argument =
        end + 1 == bytes.length ? null : RawJson.of(bytes, end + 1, bytes.length - end - 1);
    try {
      switch (json.readValue(bytes, 0, end, Mail.class)) {
        case Asked asked ->
            handle(asked.question(), argument)
                .onComplete(
                    reply -> sendBack(asked, reply.succeeded() ? reply.result() : Reply.ABSENT));
        case Answer answer -> complete(answer.id(), new Reply(answer.outcome(), argument));
        case Parcel parcel -> fetch(parcel);
        case Notice notice -> notice(notice, argument);
        case Question question -> LOG.warnf("A question came without an address: %s", question);
      }
    } catch (IOException e) {
      LOG.warnf("Unreadable mail from another replica: %s", e.getMessage());
    }
  }

  private void complete(String id, Reply reply) {
    Promise<Reply> promise = outstanding.get(id);
    if (promise != null) {
      promise.tryComplete(reply);
    }
  }

  private void fetch(Parcel parcel) {
    redis
        .send(Request.cmd(Command.GETDEL).arg(LiveKeys.parcel(self.id(), parcel.id())))
        .onSuccess(
            value -> {
              RawJson json = value == null ? null : RawJson.of(value.toBytes());
              complete(
                  parcel.id(), json == null ? Reply.NO_ANSWER : new Reply(parcel.outcome(), json));
            })
        .onFailure(failure -> complete(parcel.id(), Reply.NO_ANSWER));
  }

  private Future<Boolean> sendParcel(Asked asked, Reply reply, RawJson value) {
    return redis
        .send(
            Request.cmd(Command.SET)
                .arg(LiveKeys.parcel(asked.from(), asked.id()))
                .arg(Buffer.buffer(value.toByteArray()))
                .arg("PX")
                .arg(PARCEL_TTL.toMillis()))
        .compose(stored -> publish(asked.from(), new Parcel(asked.id(), reply.outcome()), null));
  }

  private void sendBack(Asked asked, Reply reply) {
    RawJson value = reply.value();
    Future<Boolean> sent =
        value != null && value.length() > MAX_LETTER_BYTES
            ? sendParcel(asked, reply, value)
            : publish(asked.from(), new Answer(asked.id(), reply.outcome()), value);
    sent.onFailure(
        failure ->
            LOG.warnf("Could not answer replica %s: %s", asked.from(), failure.getMessage()));
  }

  private Future<Reply> handle(Question question, @Nullable RawJson argument) {
    BiFunction<Question, @Nullable RawJson, Future<Reply>> handler =
        answering.get(question.getClass());
    return handler == null
        ? Future.succeededFuture(Reply.ABSENT)
        : handler.apply(question, argument);
  }

  private void notice(Notice notice, @Nullable RawJson argument) {
    BiConsumer<Notice, @Nullable RawJson> handler = noticing.get(notice.getClass());
    if (handler != null) {
      handler.accept(notice, argument);
    }
  }
}
