package dev.agentrelay.platform.live;

/** The fields of a runner's record. */
public enum RunnerField {
  USER_ID("userId"),
  USER_NAME("userName"),
  NAME("name"),
  /** Unpadded base64url of SHA-256 over the runner's secret. */
  SECRET_HASH("secretHash"),
  /** Names the one connection that is the runner's; a newer one replaces it. */
  CONNECTION("connection"),
  /** The replica that holds the runner's socket. */
  REPLICA("replica"),
  /**
   * What the daemon said of itself at registration and since, as one JSON object: the members of
   * RunnerInfo.
   */
  INFO("info"),
  /**
   * What the daemon last announced of its services, as one JSON object; absent before the first.
   */
  ANNOUNCE("announce"),
  /** Warnings that the daemon has not cleared, as a JSON array. */
  WARNINGS("warnings"),
  /**
   * The ports that the daemon's {@code tunnel} service has exposed, as a JSON array of numbers;
   * absent or blank while nobody has heard of them.
   */
  TUNNELS("tunnels");

  private final String key;

  RunnerField(String key) {
    this.key = key;
  }

  /** The field's name in the hash. */
  public String key() {
    return key;
  }
}
