package dev.agentrelay.e2e.cli;

import dev.agentrelay.e2e.npm.NpmPackage;
import java.nio.file.Path;

/** The published CLI. */
final class PublishedCli {
  private PublishedCli() {}

  /** The program; the test is skipped, loudly, where npm cannot install it. */
  static Path program() {
    return NpmPackage.of("@pizzapi/pizza", "0.5.7").folder().resolve("node_modules/.bin/pizza");
  }
}
