package dev.agentrelay.proxy;

/** What happens to {@code X-Forwarded-For}, {@code -Proto} and {@code -Host} on the way through. */
public enum ForwardedHeaders {
  /** The peer is nobody to believe: what it sent is dropped, what this hop sees is written. */
  REPLACE,
  /** The peer's address is added at the right of the chain; scheme and host are kept if given. */
  APPEND,
  /** A hop inside the cluster: what is there stays, only what is missing is written. */
  KEEP
}
