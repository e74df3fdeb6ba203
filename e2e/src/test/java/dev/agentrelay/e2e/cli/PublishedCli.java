package dev.agentrelay.e2e.cli;

import dev.agentrelay.e2e.npm.NpmPackage;
import java.nio.file.Path;

/** The published CLI. */
final class PublishedCli {
  /** The release that most people have. */
  static final String VERSION = "0.5.7";

  /** One that fires its schedules through the event interface. */
  static final String NEWEST = "0.52.0";

  private PublishedCli() {}

  /** The program; the test is skipped, loudly, where npm cannot install it. */
  static Path program() {
    return program(VERSION);
  }

  static Path program(String version) {
    return NpmPackage.of("@pizzapi/pizza", version).folder().resolve("node_modules/.bin/pizza");
  }
}
