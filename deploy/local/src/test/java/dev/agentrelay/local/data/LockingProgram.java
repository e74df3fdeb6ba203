package dev.agentrelay.local.data;

import java.nio.file.Path;

/** Tries to take a data folder and says what came of it. */
final class LockingProgram {
  private LockingProgram() {}

  public static void main(String[] arguments) {
    try {
      DataFolder.open(Path.of(arguments[0])).lock();
      System.out.println("locked");
    } catch (LauncherException refused) {
      System.out.println(refused.getMessage());
    }
  }
}
