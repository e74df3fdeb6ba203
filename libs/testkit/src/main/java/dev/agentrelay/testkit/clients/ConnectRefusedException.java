package dev.agentrelay.testkit.clients;

/** The server answered a namespace CONNECT with an error; the message is the server's. */
public final class ConnectRefusedException extends RuntimeException {
  ConnectRefusedException(String message) {
    super(message);
  }
}
