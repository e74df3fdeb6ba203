package dev.agentrelay.auth.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.audit.AuditRecord;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.platform.json.Timestamps;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the audit trail page by page, newest first. */
@ApplicationScoped
class AuditPages {
  private static final int PAGE = 50;

  private final AuditTrail trail;

  AuditPages(AuditTrail trail) {
    this.trail = trail;
  }

  /**
   * @param account absent where an unknown address was given
   * @param subject the address that was given, or the id of the key
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Entry(
      String at,
      AuditAction action,
      @Nullable String account,
      String subject,
      String address,
      String userAgent) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Page(List<Entry> records, @Nullable String nextCursor) {}

  /**
   * One page.
   *
   * @param cursor where it starts, from the one before; a cursor that is none starts anew
   */
  @Transactional
  Page page(@Nullable String cursor) {
    List<AuditRecord> rows =
        trail
            .find("id < ?1", Sort.descending("id"), before(cursor))
            .range(0, PAGE) // one more than a page, to know whether another follows
            .list();
    List<AuditRecord> page = rows.subList(0, Math.min(PAGE, rows.size()));
    return new Page(
        page.stream().map(AuditPages::entry).toList(),
        rows.size() > PAGE ? Objects.toString(page.getLast().id) : null);
  }

  private static Entry entry(AuditRecord record) {
    return new Entry(
        Timestamps.text(record.at),
        record.action,
        record.accountId,
        record.subject,
        record.address,
        record.userAgent);
  }

  private static long before(@Nullable String cursor) {
    try {
      return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
    } catch (NumberFormatException nonsense) {
      return Long.MAX_VALUE;
    }
  }
}
