package dev.agentrelay.gateway;

import io.quarkus.bootstrap.app.QuarkusBootstrap;
import io.quarkus.bootstrap.app.QuarkusBootstrap.Mode;
import java.io.OutputStream;
import java.nio.file.Path;

/** Runs the gateway of this module, without its tests, until nobody holds the standard input. */
final class ReplicaProcess {
  private ReplicaProcess() {}

  public static void main(String[] arguments) throws Exception {
    Path module = Path.of("").toAbsolutePath();
    QuarkusBootstrap.builder()
        .setApplicationRoot(module.resolve("target/classes"))
        .setProjectRoot(module)
        .setTargetDirectory(module.resolve("target"))
        .setBaseClassLoader(ReplicaProcess.class.getClassLoader())
        .setMode(Mode.TEST)
        .setTest(true)
        .build()
        .bootstrap()
        .createAugmentor()
        .createInitialRuntimeApplication()
        .run();
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }
}
