package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rooms of one server. */
class RoomTest {
  private final BlockingQueue<Socket> connected = new LinkedBlockingQueue<>();
  private TestServer server;
  private Namespace namespace;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.start(
            socketIo ->
                socketIo
                    .namespace("/")
                    .onConnect(
                        socket -> {
                          Echo.serve(socket);
                          connected.add(socket);
                        }));
    namespace = server.socketIo().namespace("/");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Socket nextConnected() throws Exception {
    @Nullable Socket socket = connected.poll(20, TimeUnit.SECONDS);
    assertThat(socket).isNotNull();
    return socket;
  }

  @Test
  void membersGetWhatIsEmittedAndOthersDoNot() throws Exception {
    try (WireSocket one = server.joined("/");
        WireSocket two = server.joined("/");
        WireSocket outsider = server.joined("/")) {
      nextConnected().join("room");
      nextConnected().join("room");
      Room room = namespace.room("room");
      assertThat(room.size()).isEqualTo(2);

      room.emit(namespace.encode("news", RawJson.of("1")));
      room.emit(namespace.encode("news", RawJson.of("\"" + "x".repeat(70_000) + "\"")));

      for (WireSocket member : new WireSocket[] {one, two}) {
        assertThat(member.next()).isEqualTo("42[\"news\",1]");
        assertThat(member.next().length()).isEqualTo(70_000 + 13);
      }
      outsider.send("42[\"message\",\"only this\"]");
      assertThat(outsider.next()).isEqualTo("42[\"message-back\",\"only this\"]");
    }
  }

  @Test
  void emitAfterJoinReachesTheSocketAndLeavingEmptiesTheRoom() throws Exception {
    try (WireSocket wire = server.joined("/")) {
      Socket socket = nextConnected();
      for (int i = 0; i < 100; i++) {
        socket.join("room" + i);
        namespace.room("room" + i).emit(namespace.encode("n", RawJson.of(Integer.toString(i))));
        socket.leave("room" + i);
        assertThat(wire.next()).isEqualTo("42[\"n\"," + i + "]");
      }
      assertThat(namespace.roomCount()).isZero();
    }
  }

  @Test
  void disconnectAllEndsTheMembersButNotTheirConnections() throws Exception {
    try (WireSocket wire = server.joined("/")) {
      nextConnected().join("room");
      namespace.room("room").disconnectAll();

      assertThat(wire.next()).isEqualTo("41");
      wire.send("40");
      assertThat(wire.next()).startsWith("40{");
      assertThat(namespace.roomCount()).isZero();
    }
  }

  @Test
  void pollingMembersGetBroadcastsToo() throws Exception {
    String session = server.poll();
    server.post(session, "40");
    server.get(session);
    nextConnected().join("room");

    namespace.room("room").emit(namespace.encode("news", RawJson.TRUE));

    assertThat(server.get(session).body()).isEqualTo("42[\"news\",true]");
  }

  @Test
  void whatIsSaidInAPauseComesAfterItUnlessTheClientHasIt() throws Exception {
    try (WireSocket client = server.joined("/")) {
      Socket socket = nextConnected();
      socket.join("room");
      socket.pauseRooms();
      Room room = namespace.room("room");
      room.emit(namespace.encode("second", RawJson.of("2")), 2);
      room.emit(namespace.encode("third", RawJson.of("3")), 3);
      room.emit(namespace.encode("aside", RawJson.of("0")));
      socket.emit("first and second", RawJson.of("[1,2]"));
      socket.resumeRooms(2);
      room.emit(namespace.encode("second, said late", RawJson.of("2")), 2);
      room.emit(namespace.encode("fourth", RawJson.of("4")), 4);

      assertThat(client.next()).isEqualTo("42[\"first and second\",[1,2]]");
      assertThat(client.next()).isEqualTo("42[\"third\",3]");
      assertThat(client.next()).isEqualTo("42[\"aside\",0]");
      assertThat(client.next()).isEqualTo("42[\"fourth\",4]");
    }
  }

  @Test
  void aPauseHoldsSoManyBytesAndForgetsTheRest() throws Exception {
    try (WireSocket client = server.joined("/")) {
      Socket socket = nextConnected();
      socket.join("room");
      socket.pauseRooms();
      Room room = namespace.room("room");
      RawJson large = RawJson.of("\"" + "l".repeat(6 << 20) + "\"");
      for (int place = 1; place <= 5; place++) {
        room.emit(namespace.encode("large" + place, large), place);
      }
      socket.resumeRooms(0);
      room.emit(namespace.encode("after", RawJson.of("6")), 6);
      for (int place = 1; place <= 3; place++) {
        assertThat(client.next()).startsWith("42[\"large" + place + "\"");
      }
      assertThat(client.next()).isEqualTo("42[\"after\",6]");
    }
  }

  @Test
  void whoeverMissesWhatHasNoPlaceInAPauseStartsOver() throws Exception {
    try (WireSocket client = server.joined("/")) {
      Socket socket = nextConnected();
      socket.join("room");
      socket.pauseRooms();
      for (int said = 0; said <= 1_024; said++) {
        namespace.room("room").emit(namespace.encode("news", RawJson.TRUE));
      }
      client.awaitClosed();
    }
  }

  @Test
  void newsOfTheTimeOfReadingFollowsTheState() throws Exception {
    try (WireSocket client = server.joined("/")) {
      Socket socket = nextConnected();
      socket.join("room");
      Snapshots snapshots = new Snapshots(socket);
      Promise<RawJson> first = Promise.promise();
      Promise<RawJson> second = Promise.promise();
      snapshots.send("first", first::future);
      snapshots.send("second", second::future);
      namespace.room("room").emit(namespace.encode("news", RawJson.TRUE));
      socket
          .context()
          .runOnContext(
              reading -> {
                second.complete(RawJson.of("2"));
                first.complete(RawJson.of("1"));
              });

      assertThat(client.next()).isEqualTo("42[\"second\",2]");
      assertThat(client.next()).isEqualTo("42[\"first\",1]");
      assertThat(client.next()).isEqualTo("42[\"news\",true]");
      namespace.room("room").emit(namespace.encode("later", RawJson.TRUE));
      assertThat(client.next()).isEqualTo("42[\"later\",true]");
    }
  }

  @Test
  void newsGoesOutAlsoWhenAStateCannotBeRead() throws Exception {
    try (WireSocket client = server.joined("/")) {
      Socket socket = nextConnected();
      socket.join("room");
      Promise<RawJson> state = Promise.promise();
      Future<Void> sent = new Snapshots(socket).send("state", state::future);
      namespace.room("room").emit(namespace.encode("news", RawJson.TRUE));
      state.fail("the store is away");

      assertThat(client.next()).isEqualTo("42[\"news\",true]");
      assertThat(sent.failed()).isTrue();
    }
  }

  @Test
  void aDisconnectDoesNotSwallowWhatWasSaidInAPause() throws Exception {
    try (WireSocket client = server.joined("/")) {
      Socket socket = nextConnected();
      socket.join("room");
      socket.pauseRooms();
      namespace.room("room").emit(namespace.encode("farewell", RawJson.of("0")));
      namespace.room("room").disconnectAll();

      assertThat(client.next()).isEqualTo("42[\"farewell\",0]");
      assertThat(client.next()).isEqualTo("41");
    }
  }
}
