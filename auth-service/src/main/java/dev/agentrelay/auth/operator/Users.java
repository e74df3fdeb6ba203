package dev.agentrelay.auth.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.platform.live.LiveCounts;
import dev.agentrelay.platform.live.LiveStateReader;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the accounts page by page, newest first, with what each has and uses. Blocks. */
@ApplicationScoped
class Users {
  private static final int PAGE = 50;
  private static final Duration REDIS_ANSWERS = Duration.ofSeconds(5);

  private final Accounts accounts;
  private final LiveStateReader live;

  Users(Accounts accounts, LiveStateReader live) {
    this.accounts = accounts;
    this.live = live;
  }

  /**
   * @param keys how many API keys there are
   * @param logins in how many browsers the person is signed in
   * @param runners how many runners are connected
   * @param sessions how many sessions are live
   */
  record User(
      String id,
      String name,
      String email,
      String createdAt,
      long keys,
      long logins,
      long runners,
      long sessions) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Page(List<User> users, @Nullable String nextCursor) {}

  /**
   * One page.
   *
   * @param cursor where it starts, from the one before; a cursor that is none starts anew
   */
  Page page(@Nullable String cursor) {
    List<Account> rows = rows(cursor);
    List<Account> page = rows.subList(0, Math.min(PAGE, rows.size()));
    List<String> ids = page.stream().map(account -> account.id).toList();
    Map<String, Long> keys = counted("StoredKey", ids);
    Map<String, Long> logins = counted("LoginSession", ids);
    List<LiveCounts> counts =
        live.countsOf(ids.stream().map(UserId::new).toList()).await().atMost(REDIS_ANSWERS);
    List<User> users = new ArrayList<>();
    for (int each = 0; each < page.size(); each++) {
      Account account = page.get(each);
      users.add(
          new User(
              account.id,
              account.name,
              account.email,
              Timestamps.text(account.createdAt),
              keys.getOrDefault(account.id, 0L),
              logins.getOrDefault(account.id, 0L),
              counts.get(each).runners(),
              counts.get(each).sessions()));
    }
    return new Page(users, rows.size() > PAGE ? page.getLast().id : null);
  }

  /** One more than a page, to know whether another follows. */
  @Transactional
  List<Account> rows(@Nullable String cursor) {
    Sort newestFirst = Sort.descending("createdAt", "id");
    Account last = cursor == null ? null : accounts.findById(cursor);
    return (last == null
            ? accounts.findAll(newestFirst)
            : accounts.find(
                "createdAt < :at or (createdAt = :at and id < :id)",
                newestFirst,
                Parameters.with("at", last.createdAt).and("id", last.id)))
        .range(0, PAGE)
        .list();
  }

  @Transactional
  Map<String, Long> counted(String entity, List<String> ids) {
    return accounts
        .getEntityManager()
        .createQuery(
            "select accountId, count(*) from "
                + entity
                + " where accountId in :ids group by accountId",
            Object[].class)
        .setParameter("ids", ids)
        .getResultStream()
        .collect(Collectors.toMap(row -> (String) row[0], row -> (Long) row[1]));
  }
}
