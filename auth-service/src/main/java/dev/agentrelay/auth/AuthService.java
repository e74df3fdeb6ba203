package dev.agentrelay.auth;

import dev.agentrelay.auth.takeover.TakeoverCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Serves, or does what the operator asks for and ends. */
@QuarkusMain
public class AuthService {
  /** Without arguments the service; otherwise the command that they name. */
  public static void main(String... arguments) {
    if (arguments.length > 0 && arguments[0].equals(TakeoverCommand.NAME)) {
      System.exit(TakeoverCommand.run(arguments, System.out, System.err));
    }
    Quarkus.run(arguments);
  }
}
