package dev.agentrelay.local.command;

import dev.agentrelay.local.data.DataFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that several commands share. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where data, secrets and logs lie (default: ~/.agent-relay)")
  private @Nullable Path data;

  Path path() {
    return data == null ? DataFolder.usual() : data;
  }
}
