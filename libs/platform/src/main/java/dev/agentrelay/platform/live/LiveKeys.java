package dev.agentrelay.platform.live;

import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.contracts.UserId;

/**
 * Every Redis key and channel of the live state. What belongs to one session or runner carries its
 * id in braces, so that scripts over several of its keys also run on a Redis Cluster.
 */
public final class LiveKeys {
  private LiveKeys() {}

  /** Hash of {@link SessionField}s: the live record. It exists as long as the session is live. */
  public static String session(SessionId id) {
    return "relay:session:{" + id + "}";
  }

  /** Stream of the session's last events; entry ids are {@code <seq>-<n>}. */
  public static String ring(SessionId id) {
    return session(id) + ":ring";
  }

  /** Hash of {@link SnapshotField}s: the newest event that a viewer can start from. */
  public static String snapshot(SessionId id) {
    return session(id) + ":snapshot";
  }

  /**
   * Hash of the numbered pieces of a large snapshot's JSON text; each snapshot has a name of its
   * own.
   */
  public static String snapshotBody(SessionId id, String name) {
    return snapshot(id) + ":" + name;
  }

  /**
   * The user a session id belongs to; outlives the session so that nobody else can take the id
   * over.
   */
  public static String sessionOwner(SessionId id) {
    return session(id) + ":owner";
  }

  /** The runner that a worker still has to register for (10 minutes). */
  public static String pendingLink(SessionId id) {
    return session(id) + ":pending-link";
  }

  /** The runner a session was last linked to (24 hours); survives a worker's reconnect. */
  public static String association(SessionId id) {
    return session(id) + ":association";
  }

  /** Set of the session's linked children. */
  public static String children(SessionId id) {
    return session(id) + ":children";
  }

  /** Set of the children that have yet to hear that they were delinked (24 hours). */
  public static String pendingDelinks(SessionId id) {
    return session(id) + ":pending-delinks";
  }

  /** The parent that a session was delinked from (30 days). */
  public static String delinkMarker(SessionId id) {
    return session(id) + ":delinked-from";
  }

  /** Hash of an end that may not have been told to everybody yet (1 hour). */
  public static String farewell(SessionId id) {
    return session(id) + ":farewell";
  }

  /** Channel that says when the session's worker has registered. */
  public static String arrivalChannel(SessionId id) {
    return session(id) + ":arrivals";
  }

  /** Held while an offline session is being started. */
  public static String waking(SessionId id) {
    return session(id) + ":waking";
  }

  /** What became of a command, or who is at it. */
  public static String command(CommandId id) {
    return "relay:command:" + id;
  }

  /** An OAuth state that was used (15 minutes). */
  public static String oauthNonce(SessionId id, String nonce) {
    return session(id) + ":oauth-nonce:" + nonce;
  }

  /** Hash of who looks at a session: {@link Onlookers} for each replica that holds viewers. */
  public static String onlookers(SessionId id) {
    return session(id) + ":onlookers";
  }

  /** Channel of the session's live events, encoded for viewers. */
  public static String eventChannel(SessionId id) {
    return session(id) + ":events";
  }

  /** Set of all live sessions, for the sweeps. */
  public static String liveSessions() {
    return "relay:sessions";
  }

  /** Set of all registered runners, for the sweeps. */
  public static String registeredRunners() {
    return "relay:runners";
  }

  /** Set of the live sessions of a user. */
  public static String userSessions(UserId id) {
    return "relay:user:{" + id + "}:sessions";
  }

  /** Set of the registered runners of a user. */
  public static String userRunners(UserId id) {
    return "relay:user:{" + id + "}:runners";
  }

  /**
   * Sorted set of the user's viewer sockets, by the milliseconds at which they were last seen; kept
   * only where their number has a bound.
   */
  public static String userViewers(UserId id) {
    return "relay:user:{" + id + "}:viewers";
  }

  /** What a user was answered who gave a spawn that key of their own. */
  public static String keyedSpawn(UserId id, String key) {
    return "relay:user:{" + id + "}:spawn:" + key;
  }

  /**
   * Hash of {@link RunnerField}s: the runner's record. It exists as long as the runner is
   * registered.
   */
  public static String runner(RunnerId id) {
    return "relay:runner:{" + id + "}";
  }

  /** The owner of a runner of whose end not everybody may have been told yet (1 hour). */
  public static String farewell(RunnerId id) {
    return runner(id) + ":farewell";
  }

  /** Set of the live sessions linked to a runner. */
  public static String runnerSessions(RunnerId id) {
    return runner(id) + ":sessions";
  }

  /** Set of the terminals that were opened on a runner and have not ended. */
  public static String runnerTerminals(RunnerId id) {
    return runner(id) + ":terminals";
  }

  /** Hash: the record of a terminal. */
  public static String terminal(TerminalId id) {
    return "relay:terminal:{" + id + "}";
  }

  /** Set of the gateway replicas that hold viewers of a terminal. */
  public static String terminalViewers(TerminalId id) {
    return terminal(id) + ":viewers";
  }

  /** Counter that orders trigger-subscription snapshots and deltas over the whole cluster. */
  public static String subscriptionRevision() {
    return "relay:subscription-revision";
  }

  /** Address of a running gateway replica; expires when it stops refreshing it. */
  public static String replica(ReplicaId id) {
    return "relay:replica:" + id;
  }

  /** What has run off of its hour is how long ago a gateway replica gave a sign of life. */
  public static String replicaSeen(ReplicaId id) {
    return replica(id) + ":seen";
  }

  /** Names what Redis remembers; another name means that it has come back without it. */
  public static String memory() {
    return "relay:memory";
  }

  /** Held by the replica that runs a sweep, for as long as nobody else is to run it. */
  public static String sweepLease(String sweep) {
    return "relay:sweep:" + sweep;
  }

  /** Channel on which one gateway replica takes messages for the sockets it holds. */
  public static String replicaChannel(ReplicaId id) {
    return replica(id) + ":inbox";
  }

  /** A value too large for the channel of the replica that asked for it (30 seconds). */
  public static String parcel(ReplicaId asker, String question) {
    return replica(asker) + ":parcel:" + question;
  }

  /** Channel of one room of sockets, for example {@code ("/hub", "user:u1")}. */
  public static String roomChannel(String namespace, String room) {
    return "relay:room:" + namespace + ":" + room;
  }
}
