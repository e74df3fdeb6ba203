package dev.agentrelay.socketio.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One received packet, as positions in the bytes it arrived in: nothing is copied.
 *
 * <p>For events and acks the values are the arguments (without the event name), for CONNECT the one
 * auth payload if the client sent one.
 */
public final class DecodedPacket {
  /** The id of a packet that asks for no acknowledgement. */
  public static final long NO_ID = -1;

  private final PacketType type;
  private final String namespace;
  private final long id;
  private final int attachments;
  private final @Nullable String event;
  private final byte[] source;
  private final int[] bounds;

  DecodedPacket(
      PacketType type,
      String namespace,
      long id,
      int attachments,
      @Nullable String event,
      byte[] source,
      int[] bounds) {
    this.type = type;
    this.namespace = namespace;
    this.id = id;
    this.attachments = attachments;
    this.event = event;
    this.source = source;
    this.bounds = bounds;
  }

  public PacketType type() {
    return type;
  }

  /** The namespace with its leading slash. */
  public String namespace() {
    return namespace;
  }

  /** The acknowledgement id, or {@link #NO_ID}. */
  public long id() {
    return id;
  }

  /** How many binary messages follow this packet. */
  public int attachments() {
    return attachments;
  }

  /** The event name; empty for packets other than events. */
  public String event() {
    return event == null ? "" : event;
  }

  /** The bytes the values lie in; not to be changed. */
  public byte[] source() {
    return source;
  }

  public int valueCount() {
    return bounds.length / 2;
  }

  public int valueStart(int index) {
    return bounds[2 * index];
  }

  public int valueLength(int index) {
    return bounds[2 * index + 1] - bounds[2 * index];
  }

  /** Bytes of all values together: what holding this packet costs. */
  public int size() {
    return bounds.length == 0 ? 0 : bounds[bounds.length - 1] - bounds[0];
  }
}
