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
    if (packet.namespace() != namespace) {
      throw new IllegalArgumentException("The packet was encoded for " + packet.namespace().name());
    }
    RoomMembers members = namespace.members(name);
    if (members != null) {
      members.emit(packet);
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
