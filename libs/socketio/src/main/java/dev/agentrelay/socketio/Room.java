package dev.agentrelay.socketio;

import java.util.List;

/** The sockets of one namespace on this server that have joined under one name. Any thread. */
public final class Room {
  private final Namespace namespace;
  private final String name;

  Room(Namespace namespace, String name) {
    this.namespace = namespace;
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** Sends the packet to every socket that is in the room at the time of the call. */
  public void emit(EncodedPacket packet) {
    emit(packet, 0);
  }

  /**
   * Sends a packet that stands in the room's history.
   *
   * @param place its number there, from 1 and growing; 0 for what has none
   */
  public void emit(EncodedPacket packet, long place) {
    if (packet.namespace() != namespace) {
      throw new IllegalArgumentException("The packet was encoded for " + packet.namespace().name());
    }
    RoomMembers members = namespace.members(name);
    if (members != null) {
      members.emit(packet, place);
    }
  }

  /** How many sockets are in the room. */
  public int size() {
    RoomMembers members = namespace.members(name);
    return members == null ? 0 : members.size();
  }

  /** The sockets that are in the room at present. */
  public List<Socket> sockets() {
    RoomMembers members = namespace.members(name);
    return members == null ? List.of() : members.list();
  }

  /** Sends all of them a namespace DISCONNECT, see {@link Socket#disconnect}. */
  public void disconnectAll() {
    sockets().forEach(Socket::disconnect);
  }
}
