package dev.agentrelay.push.answer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.RedisAnswer;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.vertx.mutiny.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The question that each session waits with, in Redis: the id of the tool call that asks. An answer
 * takes it before it goes to the worker, so that of two answers one goes; while it is under way the
 * question is neither open nor gone. When the replica that took it is killed, the question can be
 * taken again after a while, under the same name, so that the worker is told once. Blocks.
 *
 * <p>The value is {@code open} or {@code took}, the name under which an answer is sent, and the
 * tool call's id, with colons between.
 */
@ApplicationScoped
public class PendingQuestions {
  private static final Duration LIFE = Duration.ofHours(24);

  /** Longer than an answer is under way. */
  private static final Duration HOLD = Duration.ofSeconds(15);

  /** Where the tool call's id begins: after a word of four, a name of 36 and two colons. */
  private static final int TOOL_CALL_AT = 4 + 1 + 36 + 1;

  private static final String SAME = "v and string.sub(v, 43) == ARGV[1]";

  /** A question that is told again keeps its name, and stays taken if it is. */
  private static final String ASK =
      "local v = redis.call('get', KEYS[1])"
          + (" if " + SAME + " then return false end")
          + " redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[3]) return false";

  private static final String TAKE =
      "local v = redis.call('get', KEYS[1])"
          + (" if " + SAME + " and (string.sub(v, 1, 5) == 'open:'")
          + " or redis.call('exists', KEYS[2]) == 0) then"
          + " redis.call('set', KEYS[1], 'took' .. string.sub(v, 5), 'KEEPTTL')"
          + " redis.call('set', KEYS[2], '', 'PX', ARGV[2])"
          + " return string.sub(v, 6, 41) end return false";

  private static final String GIVE_BACK =
      "local v = redis.call('get', KEYS[1])"
          + (" if " + SAME + " and string.sub(v, 1, 5) == 'took:' then")
          + " redis.call('set', KEYS[1], 'open:' .. ARGV[2] .. ':' .. ARGV[1], 'KEEPTTL') end"
          + " return false";

  private static final String SETTLE =
      "local v = redis.call('get', KEYS[1])"
          + (" if " + SAME + " then redis.call('del', KEYS[1]) end return false");

  private final ReactiveRedisDataSource redis;

  PendingQuestions(ReactiveRedisDataSource redis) {
    this.redis = redis;
  }

  /** The session waits for an answer; a question before this one is over. */
  public void ask(SessionId session, String toolCallId) {
    String value = "open:" + UUID.randomUUID() + ":" + toolCallId;
    String life = Long.toString(LIFE.toSeconds());
    execute("EVAL", ASK, "1", key(session), toolCallId, value, life);
  }

  /** A question is over; any when none is named. */
  public void settle(SessionId session, @Nullable String toolCallId) {
    if (toolCallId == null) {
      execute("DEL", key(session));
    } else {
      execute("EVAL", SETTLE, "1", key(session), toolCallId);
    }
  }

  /** The tool call that waits, though an answer may be under way. */
  Optional<String> waiting(SessionId session) {
    return text(execute("GET", key(session))).map(value -> value.substring(TOOL_CALL_AT));
  }

  /**
   * Takes a question; nobody else gets it until it is given back.
   *
   * @return the name under which its answer is to be sent; empty when somebody else has it
   */
  Optional<String> take(SessionId session, String toolCallId) {
    String question = key(session);
    String hold = Long.toString(HOLD.toMillis());
    return text(execute("EVAL", TAKE, "2", question, question + ":held", toolCallId, hold));
  }

  /** The question is open again unless it is over. */
  void giveBack(SessionId session, String toolCallId, String name) {
    execute("EVAL", GIVE_BACK, "1", key(session), toolCallId, name);
  }

  private @Nullable Response execute(String command, String... arguments) {
    return RedisAnswer.await(redis.execute(command, arguments));
  }

  private static Optional<String> text(@Nullable Response response) {
    return Optional.ofNullable(response).map(Response::toString);
  }

  private static String key(SessionId session) {
    return "relay:push:{" + session + "}:question";
  }
}
