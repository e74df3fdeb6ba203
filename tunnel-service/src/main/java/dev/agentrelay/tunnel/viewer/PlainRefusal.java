package dev.agentrelay.tunnel.viewer;

/** A request ends here with an answer in plain text, as the contract has it for a few. */
final class PlainRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String text;

  PlainRefusal(int status, String text) {
    super(text, null, false, false);
    this.status = status;
    this.text = text;
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }
}
