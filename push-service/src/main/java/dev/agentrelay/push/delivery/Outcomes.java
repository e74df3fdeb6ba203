package dev.agentrelay.push.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.Timestamps;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Looks up what became of a user's notifications. Blocks. */
@ApplicationScoped
class Outcomes {
  private static final Place NEWEST =
      new Place(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));

  private final EntityManager database;
  private final ObjectMapper json;

  /** A place in the order of a user's deliveries. */
  private record Place(Instant createdAt, UUID id) {
    static Place parse(@Nullable String cursor) {
      if (cursor == null) {
        return NEWEST;
      }
      int end = cursor.indexOf('_');
      try {
        return end < 0
            ? NEWEST
            : new Place(
                Instant.parse(cursor.substring(0, end)),
                UUID.fromString(cursor.substring(end + 1)));
      } catch (DateTimeParseException | IllegalArgumentException noCursor) {
        return NEWEST;
      }
    }

    @Override
    public String toString() {
      return createdAt + "_" + id;
    }
  }

  Outcomes(EntityManager database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /** One page after the cursor; a cursor that is none starts at the newest. */
  @Transactional
  ObjectNode page(UserId user, @Nullable String cursor, int size) {
    Place after = Place.parse(cursor);
    List<Tuple> rows =
        database
            .unwrap(Session.class)
            .createNativeQuery(
                """
                select id, session_id, event_type, channel, target, state, reason,
                  provider_status, attempts, created_at, finished_at
                from push.deliveries
                where user_id = :user and (created_at, id) < (:time, :id)
                order by created_at desc, id desc limit :size
                """,
                Tuple.class)
            .addScalar("id", UUID.class)
            .addScalar("session_id", String.class)
            .addScalar("event_type", String.class)
            .addScalar("channel", String.class)
            .addScalar("target", String.class)
            .addScalar("state", String.class)
            .addScalar("reason", String.class)
            .addScalar("provider_status", Integer.class)
            .addScalar("attempts", Integer.class)
            .addScalar("created_at", Instant.class)
            .addScalar("finished_at", Instant.class)
            .setParameter("user", user.value())
            .setParameter("time", after.createdAt())
            .setParameter("id", after.id())
            .setParameter("size", size)
            .getResultList();
    ObjectNode page = json.createObjectNode();
    ArrayNode outcomes = page.putArray("outcomes");
    rows.forEach(row -> outcomes.add(outcome(row)));
    return page.put("nextCursor", rows.size() < size ? null : place(rows.getLast()));
  }

  private ObjectNode outcome(Tuple row) {
    ObjectNode outcome =
        json.createObjectNode()
            .put("id", row.get("id", UUID.class).toString())
            .put("sessionId", row.get("session_id", String.class))
            .put("type", row.get("event_type", String.class))
            .put("channel", row.get("channel", String.class))
            .put("outcome", row.get("state", String.class))
            .put("reason", row.get("reason", String.class))
            .put("providerStatus", row.get("provider_status", Integer.class))
            .put("attempts", row.get("attempts", Integer.class))
            .put("createdAt", Timestamps.text(row.get("created_at", Instant.class)));
    Instant end = row.get("finished_at", Instant.class);
    outcome.put("finishedAt", end == null ? null : Timestamps.text(end));
    if (Channel.WEB.wireName().equals(row.get("channel", String.class))) {
      outcome.put("subscriptionId", row.get("target", String.class));
    }
    return outcome;
  }

  private static String place(Tuple row) {
    return new Place(row.get("created_at", Instant.class), row.get("id", UUID.class)).toString();
  }
}
