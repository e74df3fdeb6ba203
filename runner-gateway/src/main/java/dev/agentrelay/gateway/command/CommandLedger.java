package dev.agentrelay.gateway.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;

/** Remembers what became of each command, so that one that comes twice is done once. */
@Singleton
class CommandLedger {
  private static final Script CLAIM = Script.load(CommandLedger.class, "claim.lua");
  private static final String CLAIMED = "claimed ";
  private static final String NONE = "";
  private static final String AGAIN = "again";

  private final RedisLink redis;
  private final ObjectMapper json;
  private final CommandRunConfig config;
  private final String ownClaim;

  CommandLedger(RedisLink redis, Replica self, ObjectMapper json, CommandRunConfig config) {
    this.redis = redis;
    this.json = json;
    this.config = config;
    this.ownClaim = CLAIMED + self.id();
    redis.know(CLAIM);
  }

  /** What stands in the ledger of a command. */
  sealed interface Entry {
    /**
     * It is this replica's to do.
     *
     * @param again whether a replica that is gone may have done some of it
     */
    record Ours(boolean again) implements Entry {}

    /** Another replica is at it and will answer. */
    record Elsewhere() implements Entry {}

    /** It was done before. */
    record Done(CommandAnswer answer) implements Entry {}
  }

  Future<Entry> claim(CommandId id) {
    return claim(id, NONE);
  }

  private Future<Entry> claim(CommandId id, String voidClaim) {
    return redis
        .run(
            CLAIM,
            List.of(LiveKeys.command(id)),
            List.of(ownClaim, config.memory().toMillis(), voidClaim))
        .compose(
            answer -> {
              String found = Objects.requireNonNull(answer).toString();
              if (found.isEmpty() || found.equals(AGAIN)) {
                return Future.succeededFuture(new Entry.Ours(found.equals(AGAIN)));
              }
              return found.startsWith(CLAIMED)
                  ? elsewhere(id, found)
                  : Future.succeededFuture(new Entry.Done(read(found)));
            });
  }

  /** A replica that no longer listens to its mail is gone, and its claims with it. */
  private Future<Entry> elsewhere(CommandId id, String claim) {
    ReplicaId holder = new ReplicaId(claim.substring(CLAIMED.length()));
    return redis
        .send(Request.cmd(Command.PUBSUB).arg("NUMSUB").arg(LiveKeys.replicaChannel(holder)))
        .compose(
            counted -> {
              Response listeners = Objects.requireNonNull(counted).get(1);
              return listeners.toLong() > 0
                  ? Future.succeededFuture(new Entry.Elsewhere())
                  : claim(id, claim);
            });
  }

  /** Writes down what became of the command; a failure costs no more than a second doing. */
  Future<Void> store(CommandAnswer answer) {
    try {
      return redis
          .send(
              Request.cmd(Command.SET)
                  .arg(LiveKeys.command(answer.commandId()))
                  .arg(json.writeValueAsString(answer))
                  .arg("PX")
                  .arg(config.memory().toMillis()))
          .mapEmpty();
    } catch (JsonProcessingException e) {
      return Future.failedFuture(e);
    }
  }

  /** Lets the command be done another time, because nothing was done this time. */
  Future<Void> release(CommandId id) {
    return redis.send(Request.cmd(Command.DEL).arg(LiveKeys.command(id))).mapEmpty();
  }

  private CommandAnswer read(String stored) {
    try {
      return json.readValue(stored, CommandAnswer.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the ledger holds an answer that cannot be read", e);
    }
  }
}
