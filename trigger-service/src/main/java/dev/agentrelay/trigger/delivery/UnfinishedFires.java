package dev.agentrelay.trigger.delivery;

import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.replica.LivingReplicas;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.hibernate.Session;
import org.jboss.logging.Logger;

/**
 * What was fired at a listener or at many sessions and came to no known end, because no answer came
 * or its replica died. Whoever asks for the same again goes on with it, so that nobody is told
 * twice and no second session starts.
 */
@ApplicationScoped
public class UnfinishedFires {
  private static final Logger LOG = Logger.getLogger(UnfinishedFires.class);

  private static final String BEGIN =
      """
      with again as (
        update trigger.unfinished_fires fire set replica = :own, at = :at,
          attempt = fire.attempt + case when fire.replica is null then 1 else 0 end
        where fire.trigger_id = (
          select trigger_id from trigger.unfinished_fires known
          where fingerprint = :fingerprint and at > :since
            and (replica is null or (replica <> :own and IS_DEAD))
          order by at desc limit 1 for update skip locked)
        returning fire.trigger_id, fire.attempt),
      fresh as (
        insert into trigger.unfinished_fires (trigger_id, fingerprint, attempt, replica, at)
        select :trigger, :fingerprint, 0, :own, :at where not exists (select 1 from again))
      select trigger_id, attempt from again
      union all select :trigger, 0 where not exists (select 1 from again)
      """
          .replace("IS_DEAD", LivingReplicas.isDead("known.replica"));

  private static final String FINISH =
      "delete from trigger.unfinished_fires where trigger_id = :trigger";

  private static final String LEAVE =
      "update trigger.unfinished_fires set replica = null where trigger_id = :trigger";

  private static final String FORGET = "delete from trigger.unfinished_fires where at < :before";

  private final EntityManager database;
  private final LivingReplicas replicas;
  private final Duration repeatWithin;
  private final SharedClock clock;

  UnfinishedFires(
      EntityManager database, LivingReplicas replicas, TriggerConfig config, SharedClock clock) {
    this.database = database;
    this.replicas = replicas;
    this.repeatWithin = config.delivery().repeatWithin();
    this.clock = clock;
  }

  /**
   * What is to be fired.
   *
   * @param attempt counts the attempts at it that came to an end
   */
  public record Fire(Trigger trigger, int attempt) {}

  /**
   * Fires.
   *
   * @param fingerprint the same for a request that is repeated
   * @param work ends normally when what became of it is known, and fails when it is not
   */
  <T> T run(String fingerprint, Trigger trigger, Function<Fire, T> work) {
    Fire fire = begin(fingerprint, trigger);
    boolean known = false;
    try {
      T done = work.apply(fire);
      known = true;
      return done;
    } finally {
      end(known ? FINISH : LEAVE, fire.trigger());
    }
  }

  private Fire begin(String fingerprint, Trigger trigger) {
    Instant now = clock.instant();
    Object[] begun =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    database
                        .unwrap(Session.class)
                        .createNativeQuery(BEGIN, Object[].class)
                        .setParameter("own", replicas.own())
                        .setParameter("at", now)
                        .setParameter("fingerprint", fingerprint)
                        .setParameter("since", now.minus(repeatWithin))
                        .setParameter("trigger", trigger.id())
                        .getSingleResult());
    return new Fire(trigger.withId((String) begun[0]), ((Number) begun[1]).intValue());
  }

  /** What is known is told, also while Postgres is away. */
  private void end(String statement, Trigger trigger) {
    try {
      QuarkusTransaction.requiringNew()
          .run(
              () ->
                  database
                      .createNativeQuery(statement)
                      .setParameter("trigger", trigger.id())
                      .executeUpdate());
    } catch (RuntimeException away) {
      LOG.warnf("trigger %s counts as under way: %s", trigger.id(), away);
    }
  }

  /** Forgets what nobody asked for again. */
  public void forget(Instant begunBefore) {
    database.createNativeQuery(FORGET).setParameter("before", begunBefore).executeUpdate();
  }
}
