package dev.agentrelay.platform.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.agentrelay.contracts.CredentialRevoked;
import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.identity.Identification.Known;
import dev.agentrelay.platform.identity.Identification.Reason;
import dev.agentrelay.platform.identity.Identification.Unavailable;
import dev.agentrelay.platform.identity.Identification.Unknown;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.time.SharedClock;
import io.quarkus.arc.DefaultBean;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;

/**
 * Remembers who is behind a credential, so that auth-service is asked once for each in five
 * minutes, and a caller that is known goes on while auth-service is away. A revocation ends that at
 * once.
 */
@ApplicationScoped
@DefaultBean
public class CallerDirectory implements CallerLookup {
  private static final Logger LOG = Logger.getLogger(CallerDirectory.class);
  private static final Duration REFUSALS_LAST = Duration.ofMillis(1500);
  private static final int REFUSALS = 10_000;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final AuthServiceClient auth;
  private final InstantSource clock;
  private final Duration grace;
  private final Cache<String, Remembered> known;
  private final Cache<String, Unknown> refused;
  private final ConcurrentMap<String, Question> underWay = new ConcurrentHashMap<>();
  private volatile Instant trustedSince = Instant.EPOCH;
  private volatile Instant awayUntil = Instant.EPOCH;

  private record Remembered(Caller caller, Instant learnedAt, Instant expiresAt) {}

  /** One exchange under way, shared by all who ask for the same credential. */
  private static final class Question {
    Uni<Identification> answer = Uni.createFrom().nothing();

    /** A revocation came while the answer was on its way: it must be asked for again. */
    volatile boolean outdated;
  }

  @Inject
  CallerDirectory(
      AuthServiceClient auth, RelayConfig config, RelayMetrics metrics, SharedClock clock) {
    this(auth, config, clock);
    metrics.bound(Bound.CALLERS, known::estimatedSize, config.auth().remembered());
    metrics.bound(Bound.REFUSALS, refused::estimatedSize, REFUSALS);
    metrics.bound(Bound.IDENTITY_QUESTIONS, underWay::size, AuthServiceClient.WAITING);
  }

  CallerDirectory(AuthServiceClient auth, RelayConfig config, InstantSource clock) {
    this.auth = auth;
    this.clock = clock;
    this.grace = config.auth().grace();
    this.known =
        Caffeine.newBuilder()
            .maximumSize(config.auth().remembered())
            .ticker(() -> clock.millis() * 1_000_000)
            .expireAfter(Expiry.writing((String hash, Remembered one) -> lifeOf(one)))
            .build();
    this.refused =
        Caffeine.newBuilder()
            .maximumSize(REFUSALS)
            .ticker(() -> clock.millis() * 1_000_000)
            .expireAfterWrite(REFUSALS_LAST)
            .build();
  }

  private Duration lifeOf(Remembered one) {
    return Duration.between(clock.instant(), one.expiresAt()).plus(grace);
  }

  @Override
  public Uni<Identification> identify(Credential credential) {
    String hash = credential.hash();
    Remembered remembered = known.getIfPresent(hash);
    if (remembered != null && mayBeBelieved(remembered)) {
      return Uni.createFrom().item(new Known(remembered.caller()));
    }
    Unknown refusal = refused.getIfPresent(hash);
    if (refusal != null) {
      return Uni.createFrom().item(refusal);
    }
    return askOnce(hash, credential);
  }

  private boolean mayBeBelieved(Remembered one) {
    Instant now = clock.instant();
    boolean fresh = now.isBefore(one.expiresAt()) && one.learnedAt().isAfter(trustedSince);
    return fresh || now.isBefore(awayUntil);
  }

  private Uni<Identification> askOnce(String hash, Credential credential) {
    Uni<Identification> answer =
        underWay.computeIfAbsent(hash, key -> begin(key, credential)).answer;
    Context caller = Vertx.currentContext();
    return caller == null
        ? answer
        : answer.emitOn(step -> caller.runOnContext(ignored -> step.run()));
  }

  private Question begin(String hash, Credential credential) {
    Question question = new Question();
    question.answer =
        Uni.createFrom()
            .deferred(() -> ask(hash, credential, question))
            .onTermination()
            .invoke(() -> underWay.remove(hash))
            .memoize()
            .indefinitely();
    return question;
  }

  private Uni<Identification> ask(String hash, Credential credential, Question question) {
    question.outdated = false;
    Instant askedAt = clock.instant();
    return auth.exchange(credential)
        .map(found -> learn(hash, credential, found, askedAt))
        .flatMap(
            found -> {
              if (!question.outdated) {
                return Uni.createFrom().item(found);
              }
              known.invalidate(hash);
              return ask(hash, credential, question);
            })
        .onFailure()
        .recoverWithItem(failure -> withoutAuthService(hash, failure));
  }

  private Identification learn(
      String hash, Credential credential, Optional<IdentityToken> found, Instant askedAt) {
    awayUntil = Instant.EPOCH;
    if (found.isEmpty()) {
      known.invalidate(hash);
      Unknown unknown = new Unknown(reason(credential));
      refused.put(hash, unknown);
      return unknown;
    }
    IdentityToken token = found.get();
    known.put(hash, new Remembered(token.caller(), askedAt, token.expiresAt()));
    return new Known(token.caller());
  }

  private static Reason reason(Credential credential) {
    return switch (credential) {
      case Credential.ApiKey key -> Reason.INVALID_KEY;
      case Credential.SessionCookie cookie -> Reason.NO_CREDENTIAL;
    };
  }

  private Identification withoutAuthService(String hash, Throwable failure) {
    Instant now = clock.instant();
    if (!now.isBefore(awayUntil)) {
      LOG.warnf("auth-service cannot be asked who a caller is: %s", failure);
    }
    awayUntil = now.plus(PAUSE_AFTER_FAILURE);
    Remembered remembered = known.getIfPresent(hash);
    return remembered == null ? new Unavailable() : new Known(remembered.caller());
  }

  /** Ends what the event names, for those being asked about just now too. */
  public void forget(CredentialRevoked revoked) {
    String hash = revoked.credentialHash();
    if (hash == null) {
      underWay.values().forEach(question -> question.outdated = true);
      known.asMap().values().removeIf(one -> one.caller().userId().equals(revoked.userId()));
      return;
    }
    Question question = underWay.get(hash);
    if (question != null) {
      question.outdated = true;
    }
    known.invalidate(hash);
  }

  /** Believes nobody without asking again, because events may have been missed until now. */
  public void distrustAll() {
    trustedSince = clock.instant();
  }
}
