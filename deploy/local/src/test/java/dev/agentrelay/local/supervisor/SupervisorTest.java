package dev.agentrelay.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.local.data.LauncherException;
import dev.agentrelay.testkit.stores.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final BlockingQueue<ProcessHandle> started = new LinkedBlockingQueue<>();
  private final Supervisor supervisor =
      new Supervisor(
          new Console(new PrintStream(said, true, StandardCharsets.UTF_8)),
          (name, process) -> started.add(process));
  private final Path folder;

  SupervisorTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void stop() {
    supervisor.stop();
  }

  @Test
  void aChildThatDiesIsStartedAgain() throws Exception {
    int port = FreePorts.next();
    supervisor.start(Map.of("fake", () -> FakeService.start(folder, Integer.toString(port))));
    ProcessHandle first = started.remove();

    first.destroyForcibly();

    ProcessHandle second = started.poll(20, TimeUnit.SECONDS);
    assertThat(second).isNotNull().isNotEqualTo(first);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("fake ended, starting it again");
  }

  @Test
  void stoppingEndsTheYoungestGroupFirstAndNothingComesBack() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    supervisor.start(Map.of("store", () -> recording("store", order)));
    supervisor.start(Map.of("service", () -> recording("service", order)));
    List<ProcessHandle> processes = new ArrayList<>();
    started.drainTo(processes);

    supervisor.stop();

    assertThat(order).containsExactly("service", "store");
    assertThat(processes).hasSize(2).noneMatch(ProcessHandle::isAlive);
    assertThat(started.poll(2, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void aChildThatCannotStartSaysWhyAndWhereItsLogIs() {
    assertThatThrownBy(
            () -> supervisor.start(Map.of("fake", () -> FakeService.start(folder, "fail"))))
        .isInstanceOf(LauncherException.class)
        .hasMessage(
            "fake ended while it started (ERROR the table is missing); its log is "
                + folder.resolve("fake.log")
                + ".");
  }

  private Child recording(String name, List<String> order) {
    ServiceProcess process = FakeService.start(folder, Integer.toString(FreePorts.next()));
    return new Child() {
      @Override
      public ProcessHandle process() {
        return process.process();
      }

      @Override
      public void stop() {
        order.add(name);
        process.stop();
      }
    };
  }
}
