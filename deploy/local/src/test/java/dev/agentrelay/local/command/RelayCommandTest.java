package dev.agentrelay.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its own process: what cannot be done is one clear sentence and an exit code. */
class RelayCommandTest {
  private final Path temporary;

  RelayCommandTest(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  private record Run(int exitCode, String said) {}

  private Run relay(String... arguments) throws IOException, InterruptedException {
    return relay(Map.of(), arguments);
  }

  private Run relay(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Drelay.home=" + temporary.resolve("nothing-built"),
                "-cp",
                System.getProperty("java.class.path"),
                RelayCommand.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(Set.of("PORT", "RELAY_WEB_UI_DIR", "PIZZAPI_UI_DIR"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), said.strip());
  }

  private void isRefused(String sentence, String... arguments)
      throws IOException, InterruptedException {
    assertThat(relay(arguments)).isEqualTo(new Run(1, sentence));
  }

  @Test
  void whatCannotBeStartedIsSaidInOneSentence() throws Exception {
    String folder = temporary.resolve("data").toString();
    Path file = Files.writeString(temporary.resolve("file"), "no folder");
    isRefused("The data folder " + file + " is a file.", "up", "--data", file.toString());
    isRefused("--gateways takes a number from 1 to 8.", "up", "--data", folder, "--gateways", "0");
    isRefused("--port takes a number from 1 to 65535.", "up", "--data", folder, "--port", "70000");
    isRefused(
        "No service is named gateway; there are auth-service, runner-gateway, session-service,"
            + " trigger-service, webhook-service, push-service, tunnel-service.",
        "up",
        "--data",
        folder,
        "--dev",
        "gateway");
    isRefused(
        "auth-service is not built; ./relay builds it, ./mvnw package does too.",
        "up",
        "--data",
        folder);
  }

  @Test
  void aWebUiThatIsNoneIsSaidBeforeAnythingIsStarted() throws Exception {
    Path none = temporary.resolve("no-ui");
    assertThat(
            relay(
                Map.of("PIZZAPI_UI_DIR", none.toString()),
                "up",
                "--data",
                temporary.resolve("data").toString()))
        .isEqualTo(
            new Run(1, "RELAY_WEB_UI_DIR names " + none + ", which holds no readable index.html."));
  }

  @Test
  void whatIsNoCommandOrNumberIsToldFromAFailure() throws Exception {
    for (Run run :
        List.of(relay("fly"), relay("up", "--port", "many"), relay(Map.of("PORT", "many"), "up"))) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.said()).isNotEmpty().doesNotContain("\tat ");
    }
  }

  @Test
  void whereNothingRunsThereIsNothingToStop() throws Exception {
    String folder = temporary.resolve("data").toString();
    String nothing = "Nothing runs on " + folder + ".";
    assertThat(relay("down", "--data", folder)).isEqualTo(new Run(0, nothing));
    assertThat(relay("status", "--data", folder)).isEqualTo(new Run(3, nothing));
    assertThat(Path.of(folder)).doesNotExist();
  }
}
