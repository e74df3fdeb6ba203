package dev.agentrelay.docs;

import dev.agentrelay.contracts.ErrorCode;

/** {@code docs/errors.md}: every code that an error answer can carry. */
final class ErrorReference {
  private ErrorReference() {}

  static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            # Errors

            Made from the code; `docs/renew` makes it anew.

            An error answer is `{"error": text, "code": code}`. The text is for people and may change; programs switch on the
            code. Where trying again can help, `Retry-After` says when, if that is known.

            | code | status | try again | meaning |
            |---|---|---|---|
            """);
    for (ErrorCode code : ErrorCode.values()) {
      text.append(
          "| `%s` | %d | %s | %s |\n"
              .formatted(
                  code.code(), code.status(), code.retryable() ? "yes" : "no", code.meaning()));
    }
    return text.toString();
  }
}
