package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.RedisMemory;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The records of registered runners in Redis. Fails when Redis is away. */
@Singleton
public class RunnerRecords {
  private static final Script REGISTER = Script.load(RunnerRecords.class, "register.lua");
  private static final Script RESTORE = Script.load(RunnerRecords.class, "restore.lua");
  private static final Script CHANGE = Script.load(RunnerRecords.class, "change.lua");
  private static final List<RunnerField> READ =
      List.of(
          RunnerField.USER_ID,
          RunnerField.NAME,
          RunnerField.REPLICA,
          RunnerField.INFO,
          RunnerField.ANNOUNCE,
          RunnerField.WARNINGS);

  private final RedisLink redis;
  private final Replica self;
  private final RedisMemory memory;
  private final GatewayConfig config;

  RunnerRecords(RedisLink redis, Replica self, RedisMemory memory, GatewayConfig config) {
    this.redis = redis;
    this.memory = memory;
    this.self = self;
    this.config = config;
  }

  /** What became of a registration. */
  enum Claim {
    REGISTERED,
    WRONG_SECRET,
    FOREIGN
  }

  /** Claims the runner's id for a connection: the first claim of an id sets its secret. */
  Future<Claim> register(
      RunnerId id, Caller caller, String secretHash, String connection, RawObject info) {
    String name = info.text("name");
    List<Object> arguments =
        List.of(
            caller.userId(),
            caller.userName(),
            secretHash,
            connection,
            self.id(),
            info.toString(),
            name == null ? "" : name,
            config.runnerTtl().toMillis());
    return redis
        .run(REGISTER, List.of(LiveKeys.runner(id), LiveKeys.farewell(id)), arguments)
        .compose(
            answer ->
                switch (Objects.requireNonNull(answer).toString()) {
                  case "secret" -> Future.succeededFuture(Claim.WRONG_SECRET);
                  case "owner" -> Future.succeededFuture(Claim.FOREIGN);
                  default ->
                      redis.batch(indexed(id, caller.userId())).map(done -> Claim.REGISTERED);
                });
  }

  private static List<Request> indexed(RunnerId id, UserId user) {
    return List.of(
        Request.cmd(Command.SADD).arg(LiveKeys.registeredRunners()).arg(id.value()),
        Request.cmd(Command.SADD).arg(LiveKeys.userRunners(user)).arg(id.value()));
  }

  /** Writes a connected runner's record again, if Redis has none. */
  Future<Void> restore(RunnerConnection runner) {
    Map<RunnerField, String> fields = runner.reported();
    RawObject info = object(fields.get(RunnerField.INFO));
    String name = info == null ? null : info.text("name");
    fields.put(RunnerField.USER_ID, runner.owner().userId().value());
    fields.put(RunnerField.USER_NAME, runner.owner().userName());
    fields.put(RunnerField.CONNECTION, runner.connection());
    fields.put(RunnerField.REPLICA, self.id().value());
    fields.put(RunnerField.NAME, name == null ? "" : name);
    List<Object> arguments = new ArrayList<>();
    arguments.add(config.runnerTtl().toMillis());
    fields.forEach(
        (field, value) -> {
          arguments.add(field.key());
          arguments.add(value);
        });
    return redis
        .run(RESTORE, List.of(LiveKeys.runner(runner.id())), arguments)
        .compose(done -> redis.batch(indexed(runner.id(), runner.owner().userId())))
        .mapEmpty();
  }

  /**
   * Prolongs the record's life; false when the connection is no longer the runner's. Lists the
   * runner again, should its end by an earlier connection have come late.
   */
  Future<Boolean> prolong(RunnerConnection runner) {
    return change(runner.id(), runner.connection(), Map.of())
        .compose(
            still ->
                still
                    ? redis.batch(indexed(runner.id(), runner.owner().userId())).map(done -> true)
                    : Future.succeededFuture(false));
  }

  /** Changes fields; false when the connection is no longer the runner's. */
  Future<Boolean> change(RunnerId id, String connection, Map<RunnerField, String> fields) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(connection);
    arguments.add(config.runnerTtl().toMillis());
    fields.forEach(
        (field, value) -> {
          arguments.add(field.key());
          arguments.add(value);
        });
    return redis.run(CHANGE, List.of(LiveKeys.runner(id)), arguments).map(RunnerRecords::isOne);
  }

  /** The runner of that id, whoever owns it. */
  public Future<Optional<RunnerRecord>> find(RunnerId id) {
    Request fields = Request.cmd(Command.HMGET).arg(LiveKeys.runner(id));
    READ.forEach(field -> fields.arg(field.key()));
    Request sessions = Request.cmd(Command.SMEMBERS).arg(LiveKeys.runnerSessions(id));
    return redis
        .batch(List.of(fields, sessions))
        .map(found -> parse(id, Objects.requireNonNull(found.get(0)), found.get(1)));
  }

  /**
   * The registered runner of that id. Fails with 404, or with 503 while Redis may only not be told
   * of it again yet.
   */
  public Future<RunnerRecord> require(RunnerId id) {
    return find(id)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.get())
                    : memory.missing(new RelayException(ErrorCode.NOT_FOUND, "Runner not found")));
  }

  /** Every registered runner of one user. */
  public Future<List<RunnerRecord>> ofUser(UserId user) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(LiveKeys.userRunners(user)))
        .compose(
            members -> {
              List<Future<Optional<RunnerRecord>>> reads = new ArrayList<>();
              if (members != null) {
                members.forEach(member -> reads.add(find(new RunnerId(member.toString()))));
              }
              return Future.all(reads)
                  .map(all -> reads.stream().flatMap(read -> read.result().stream()).toList());
            })
        .map(records -> records.stream().filter(record -> record.user().equals(user)).toList());
  }

  private static Optional<RunnerRecord> parse(
      RunnerId id, Response fields, @Nullable Response sessions) {
    String user = text(fields, RunnerField.USER_ID);
    String replica = text(fields, RunnerField.REPLICA);
    RawObject info = object(text(fields, RunnerField.INFO));
    if (user == null || replica == null || info == null) {
      return Optional.empty();
    }
    String name = text(fields, RunnerField.NAME);
    String warnings = text(fields, RunnerField.WARNINGS);
    List<String> sessionIds = new ArrayList<>();
    if (sessions != null) {
      sessions.forEach(session -> sessionIds.add(session.toString()));
    }
    return Optional.of(
        new RunnerRecord(
            id,
            new UserId(user),
            name == null || name.isEmpty() ? null : name,
            new ReplicaId(replica),
            info,
            object(text(fields, RunnerField.ANNOUNCE)),
            RawJson.of(warnings == null ? "[]" : warnings),
            sessionIds));
  }

  private static @Nullable String text(Response fields, RunnerField field) {
    Response value = fields.get(READ.indexOf(field));
    return value == null ? null : value.toString();
  }

  private static @Nullable RawObject object(@Nullable String json) {
    return json == null ? null : RawObject.parse(RawJson.of(json));
  }

  private static boolean isOne(@Nullable Response answer) {
    return answer != null && answer.toLong() == 1;
  }
}
