package dev.agentrelay.local.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  private final Path path;

  DataFolderTest(@TempDir Path temporary) {
    this.path = temporary.resolve("relay");
  }

  @Test
  void onlyItsOwnerMayLookInside() throws IOException {
    DataFolder folder = DataFolder.open(path);
    Secrets.of(folder);

    assertThat(permissions(path)).isEqualTo("rwx------");
    assertThat(permissions(path.resolve("secrets.properties"))).isEqualTo("rw-------");
  }

  @Test
  void secretsAreMadeOnceAndDiffer() {
    DataFolder folder = DataFolder.open(path);
    Secrets first = Secrets.of(folder);
    Secrets second = Secrets.of(folder);

    assertThat(first.get(Secrets.Name.AUTH))
        .hasSize(64)
        .isEqualTo(second.get(Secrets.Name.AUTH))
        .isNotEqualTo(first.get(Secrets.Name.INTERNAL));
  }

  @Test
  void aFolderInUseIsRefusedToAnotherProcess() throws Exception {
    DataFolder.open(path).lock();
    // A lock that depended on an unreachable object would be gone after this.
    System.gc();

    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockingProgram.class.getName(),
                path.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).contains("Agent Relay is already running on " + path);
  }

  @Test
  void aFileInItsPlaceIsSaidInOneSentence() throws IOException {
    Files.writeString(path, "no folder");

    assertThatThrownBy(() -> DataFolder.open(path))
        .isInstanceOf(LauncherException.class)
        .hasMessage("The data folder " + path + " is a file.");
  }

  @Test
  void anOverlongLogIsSetAside() throws IOException {
    DataFolder folder = DataFolder.open(path);
    Files.write(folder.log("gateway"), new byte[11 << 20]);

    assertThat(folder.log("gateway")).doesNotExist();
    assertThat(path.resolve("logs/gateway.log.1")).exists();
  }

  @Test
  void portsAreRememberedWhileTheyAreFree() throws IOException {
    DataFolder folder = DataFolder.open(path);
    int first = new Ports(folder).of("redis");
    assertThat(new Ports(folder).of("redis")).isEqualTo(first);

    try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
      assertThat(new Ports(folder).of("redis")).isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void aRecycledProcessIdIsNeverTakenForTheRelay() {
    DataFolder folder = DataFolder.open(path);
    RunningRelay running = RunningRelay.announce(folder, "http://localhost:1");
    ProcessRecord self = ProcessRecord.of(ProcessHandle.current());
    running.child("gateway", ProcessHandle.current());

    assertThat(RunningRelay.launcher(folder)).contains(ProcessHandle.current());
    assertThat(RunningRelay.children(folder)).containsOnlyKeys("gateway");
    assertThat(new ProcessRecord(self.id(), self.started() - 1_000).find()).isEmpty();

    running.over();
    assertThat(RunningRelay.launcher(folder)).isEmpty();
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
