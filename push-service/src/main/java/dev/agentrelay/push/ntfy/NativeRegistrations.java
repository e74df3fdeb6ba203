package dev.agentrelay.push.ntfy;

import dev.agentrelay.contracts.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** The mobile shells: one registration for each user (rest.md 7.4). Blocks. */
@ApplicationScoped
public class NativeRegistrations {
  private static final String PREFIX = "pizzapi-";
  private static final int TOPIC_BYTES = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Where a user's device listens.
   *
   * @param topic nobody else can guess it, which is all that guards it
   */
  public record Registration(String topic, boolean suppressesChildren) {}

  private final EntityManager database;

  NativeRegistrations(EntityManager database) {
    this.database = database;
  }

  /**
   * Registers a user's device; a topic that exists is kept.
   *
   * @param suppressChildren left as it is when absent
   */
  @Transactional
  Registration register(UserId user, @Nullable Boolean suppressChildren) {
    byte[] bytes = new byte[TOPIC_BYTES];
    RANDOM.nextBytes(bytes);
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(
            """
            insert into push.native_registrations as known
              (user_id, topic, suppress_child_notifications, created_at)
            values (:user, :topic, coalesce(:suppress, true), :now)
            on conflict (user_id) do update set suppress_child_notifications =
              coalesce(:suppress, known.suppress_child_notifications)
            """)
        .setParameter("user", user.value())
        .setParameter("topic", PREFIX + HexFormat.of().formatHex(bytes))
        .setParameter("suppress", suppressChildren, Boolean.class)
        .setParameter("now", Instant.now())
        .executeUpdate();
    return of(user).orElseThrow();
  }

  /**
   * @return whether there was one
   */
  @Transactional
  boolean unregister(UserId user) {
    return database
            .createNativeQuery("delete from push.native_registrations where user_id = :user")
            .setParameter("user", user.value())
            .executeUpdate()
        > 0;
  }

  /**
   * @return whether the user has a registration
   */
  @Transactional
  boolean setSuppressChildren(UserId user, boolean suppress) {
    return database
            .createNativeQuery(
                "update push.native_registrations set suppress_child_notifications = :suppress"
                    + " where user_id = :user")
            .setParameter("suppress", suppress)
            .setParameter("user", user.value())
            .executeUpdate()
        > 0;
  }

  @Transactional
  public Optional<Registration> of(UserId user) {
    List<?> rows =
        database
            .createNativeQuery(
                "select topic, suppress_child_notifications from push.native_registrations"
                    + " where user_id = :user",
                Tuple.class)
            .setParameter("user", user.value())
            .getResultList();
    return rows.stream()
        .map(Tuple.class::cast)
        .map(row -> new Registration(row.get(0, String.class), row.get(1, Boolean.class)))
        .findFirst();
  }

  /** Forgets a topic that the ntfy server does not know any more. */
  @Transactional
  void forget(String topic) {
    database
        .createNativeQuery("delete from push.native_registrations where topic = :topic")
        .setParameter("topic", topic)
        .executeUpdate();
  }
}
