package dev.agentrelay.trigger.delivery;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.trigger.replica.LivingReplicas;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import org.hibernate.Session;
import org.jboss.logging.Logger;

/**
 * Sessions that were asked for and have not got the trigger that they are for. They would wait for
 * it for ever, so what is left here by a process that died, or could not be ended, is ended later.
 */
@ApplicationScoped
public class ExpectantSessions {
  private static final Logger LOG = Logger.getLogger(ExpectantSessions.class);

  private static final String EXPECT =
      """
      insert into trigger.expectant_sessions (session_id, user_id, runner_id, replica, at)
      values (:session, :user, :runner, :own, :at)
      on conflict (session_id) do update set replica = excluded.replica, at = excluded.at
      """;

  private static final String GIVE_UP =
      "update trigger.expectant_sessions set replica = null where session_id = :session";

  private static final String SETTLED =
      "delete from trigger.expectant_sessions where session_id = :session";

  private static final String FORGET = "delete from trigger.expectant_sessions where at < :before";

  private static final String ORPHANS =
      """
      select session_id, user_id, runner_id from trigger.expectant_sessions orphan
      where replica is null or (at < :before and IS_DEAD and not exists (
        select 1 from trigger.history where history.session_id = orphan.session_id))
      order by random() limit :most
      """
          .replace("IS_DEAD", LivingReplicas.isDead("orphan.replica"));

  private final EntityManager database;
  private final LivingReplicas replicas;
  private final SharedClock clock;

  ExpectantSessions(EntityManager database, LivingReplicas replicas, SharedClock clock) {
    this.database = database;
    this.replicas = replicas;
    this.clock = clock;
  }

  /** One that nobody will hand its trigger to. */
  record Orphan(SessionId session, UserId user, RunnerId runner) {}

  /** The session is about to be asked for, and this process hands it its trigger. */
  @Transactional
  void expect(SessionId session, UserId user, RunnerId runner) {
    database
        .createNativeQuery(EXPECT)
        .setParameter("session", session.value())
        .setParameter("user", user.value())
        .setParameter("runner", runner.value())
        .setParameter("own", replicas.own())
        .setParameter("at", clock.instant())
        .executeUpdate();
  }

  /** It will not get its trigger any more, and is to end. */
  void giveUp(SessionId session) {
    update(GIVE_UP, session);
  }

  /** It has its trigger, or has ended, or has never begun. */
  void settled(SessionId session) {
    update(SETTLED, session);
  }

  /** What has happened is told, also while Postgres is away. */
  private void update(String statement, SessionId session) {
    try {
      QuarkusTransaction.requiringNew()
          .run(
              () ->
                  database
                      .createNativeQuery(statement)
                      .setParameter("session", session.value())
                      .executeUpdate());
    } catch (RuntimeException away) {
      LOG.warnf("session %s counts as waiting for its trigger: %s", session, away);
    }
  }

  /** Forgets what is too old to be told from a session that has its trigger. */
  @Transactional
  public void forget(Instant expectedBefore) {
    database.createNativeQuery(FORGET).setParameter("before", expectedBefore).executeUpdate();
  }

  /**
   * Some of those that were given up, and of those whose process has died before it began to hand
   * the trigger over. Those that may have theirs are left alone, and any that cannot be ended hold
   * up no others.
   *
   * @param expectedBefore before when, so that a repeated fire has had time to go on with it
   */
  @Transactional
  List<Orphan> orphans(Instant expectedBefore, int most) {
    return database
        .unwrap(Session.class)
        .createNativeQuery(ORPHANS, Object[].class)
        .setParameter("before", expectedBefore)
        .setParameter("most", most)
        .getResultStream()
        .map(
            row ->
                new Orphan(
                    new SessionId((String) row[0]),
                    new UserId((String) row[1]),
                    new RunnerId((String) row[2])))
        .toList();
  }
}
