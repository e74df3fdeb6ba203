package dev.agentrelay.gateway.eventlog;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.socketio.RawJson;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says stored events on Kafka from the side: whoever has one leaves it here and goes on. Events
 * that find no room while Kafka is away are missing in the log, and their numbers tell so.
 */
@Startup
@Singleton
public class EventLog {
  private static final Logger LOG = Logger.getLogger(EventLog.class);

  /** What a later event says again in full, or what is only said to show that somebody lives. */
  private static final Set<String> PASSING =
      Set.of("message_update", "tool_execution_update", "session_messages_chunk", "heartbeat");

  private static final Duration LEAVE_WITHIN = Duration.ofSeconds(2);
  private static final long TELL_LOSS_EVERY_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long RECORD_COST = 256;
  private static final long GATHER_NANOS = Duration.ofMillis(5).toNanos();
  private static final long BEGIN_ANEW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EventLogConfig config;
  private final Map<String, Object> kafka;
  private final BlockingQueue<ProducerRecord<String, byte[]>> waiting = new LinkedBlockingQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final LongAdder lostInAll;
  private final AtomicLong lossToldAt = new AtomicLong(System.nanoTime() - TELL_LOSS_EVERY_NANOS);
  private final @Nullable Thread sender;
  private volatile boolean closed;

  EventLog(
      EventLogConfig config,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      RelayMetrics metrics) {
    this.config = config;
    this.kafka = kafka;
    this.lostInAll = metrics.counter(Metric.LOST_LOG_EVENTS);
    this.sender =
        config.enabled() ? Thread.ofPlatform().daemon().name("event-log").start(this::send) : null;
    metrics.bound(Bound.EVENT_LOG_BYTES, waitingBytes::get, config.bufferBytes());
  }

  /** Whether events of that type belong into the log. */
  public boolean keeps(@Nullable String type) {
    return sender != null && (type == null || !PASSING.contains(type));
  }

  /** The log of one registration of a session. */
  public SessionLog of(SessionId session, UserId user, long epoch) {
    return new SessionLog(this, session, user, epoch);
  }

  /** The event as it is said. */
  byte[] value(@Nullable String type, RawJson event) {
    return event.length() <= config.largestEvent()
        ? event.toByteArray()
        : stub(type, event.length());
  }

  /** Never waits; thread-safe. */
  void add(ProducerRecord<String, byte[]> message) {
    long cost = cost(message);
    if (waitingBytes.addAndGet(cost) > config.bufferBytes()) {
      waitingBytes.addAndGet(-cost);
      lose("too many wait");
    } else {
      waiting.add(message);
    }
  }

  /** Stands for an event that is too large for Kafka. */
  private static byte[] stub(@Nullable String type, int bytes) {
    return RawObject.empty()
        .put("type", type)
        .put("_omitted", true)
        .put("_bytes", bytes)
        .toJson()
        .toByteArray();
  }

  private static long cost(ProducerRecord<String, byte[]> message) {
    return RECORD_COST + message.value().length;
  }

  /** The sender's thread: the producer may wait for Kafka, so nobody else calls it. */
  private void send() {
    while (!closed) {
      try {
        sendUntilClosed();
      } catch (InterruptedException leaving) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException broken) {
        LOG.errorf(broken, "The log of events begins anew");
        LockSupport.parkNanos(BEGIN_ANEW_NANOS);
      }
    }
  }

  private void sendUntilClosed() throws InterruptedException {
    try (Producer<String, byte[]> producer = producer()) {
      List<ProducerRecord<String, byte[]>> together = new ArrayList<>();
      while (!closed || !waiting.isEmpty()) {
        ProducerRecord<String, byte[]> first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          // to be woken for each event would cost more than to send it
          LockSupport.parkNanos(GATHER_NANOS);
          together.add(first);
          waiting.drainTo(together);
          together.forEach(each -> send(producer, each));
          together.clear();
        }
      }
    }
  }

  private void send(Producer<String, byte[]> producer, ProducerRecord<String, byte[]> message) {
    try {
      var unused = producer.send(message, (sent, failure) -> done(message, failure));
    } catch (KafkaException e) {
      done(message, e);
    }
  }

  private void done(ProducerRecord<String, byte[]> message, @Nullable Exception failure) {
    waitingBytes.addAndGet(-cost(message));
    if (failure != null) {
      lose(failure.toString());
    }
  }

  private void lose(String why) {
    lost.incrementAndGet();
    lostInAll.increment();
    long told = lossToldAt.get();
    long now = System.nanoTime();
    if (now - told >= TELL_LOSS_EVERY_NANOS && lossToldAt.compareAndSet(told, now)) {
      LOG.errorf(
          "Kafka has not taken %d events, and the log has holes there: %s", lost.getAndSet(0), why);
    }
  }

  private Producer<String, byte[]> producer() {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "event-log");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    // not compressed, so that a reader's bound on what it fetches bounds its memory
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  @PreDestroy
  void close() throws InterruptedException {
    closed = true;
    if (sender != null && !sender.join(LEAVE_WITHIN)) {
      sender.interrupt();
    }
  }
}
