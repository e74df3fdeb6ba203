package dev.agentrelay.webhook.signature;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;

/** A request is not known to come from whoever has the secret: 401. */
public class SignatureRefused extends RelayException {
  SignatureRefused(String text) {
    super(ErrorCode.UNAUTHORIZED, text);
  }

  static SignatureRefused invalid() {
    return new SignatureRefused("Invalid signature");
  }
}
