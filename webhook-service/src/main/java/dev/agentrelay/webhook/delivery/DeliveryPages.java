package dev.agentrelay.webhook.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.webhook.WebhookId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Reads the ledger of a webhook page by page, newest first. */
@ApplicationScoped
public class DeliveryPages {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private final EntityManager database;
  private final ObjectMapper json;

  DeliveryPages(Deliveries deliveries, ObjectMapper json) {
    this.database = deliveries.getEntityManager();
    this.json = json;
  }

  /**
   * One page: {@code {deliveries: [], nextCursor}}.
   *
   * @param cursor where the page starts, from the one before; a cursor that is none starts anew
   * @param limit nonsense is taken as the default
   */
  @Transactional
  public ObjectNode page(WebhookId webhook, @Nullable String cursor, @Nullable String limit) {
    int size = pageSize(limit);
    List<Delivery> rows =
        database
            .createQuery(
                "from Delivery d where d.webhookId = :webhook and d.seq < :before"
                    + " order by d.seq desc",
                Delivery.class)
            .setParameter("webhook", webhook.value())
            .setParameter("before", before(cursor))
            .setMaxResults(size + 1)
            .getResultList();
    List<Delivery> page = rows.subList(0, Math.min(size, rows.size()));
    Set<String> kept = withBodies(page);
    ObjectNode answer = json.createObjectNode();
    ArrayNode list = answer.putArray("deliveries");
    page.forEach(delivery -> list.add(delivery.toInfo(kept.contains(delivery.id))));
    answer.put(
        "nextCursor",
        rows.size() > size ? Long.toString(page.getLast().seq, Character.MAX_RADIX) : null);
    return answer;
  }

  private Set<String> withBodies(List<Delivery> page) {
    if (page.isEmpty()) {
      return Set.of();
    }
    return new HashSet<>(
        database
            .unwrap(Session.class)
            .createNativeQuery(
                "select delivery_id from webhook.bodies where delivery_id in (:ids)", String.class)
            .setParameter("ids", page.stream().map(delivery -> delivery.id).toList())
            .getResultList());
  }

  private static long before(@Nullable String cursor) {
    try {
      return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor, Character.MAX_RADIX);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private static int pageSize(@Nullable String limit) {
    try {
      int wanted = limit == null ? PAGE : Integer.parseInt(limit);
      return wanted < 1 ? PAGE : Math.min(wanted, LARGEST_PAGE);
    } catch (NumberFormatException e) {
      return PAGE;
    }
  }
}
