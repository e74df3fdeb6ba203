package dev.agentrelay.gateway.service;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a worker put into the {@code state} of an OAuth authorization: unpadded base64url of JSON
 * (rest.md X45).
 */
record OAuthState(SessionId session, String nonce, @Nullable String oauthState) {
  private static final int MAX_LENGTH = 4_096;
  private static final int MAX_NONCE = 256;

  /** The state, or {@code null} when the text is none. */
  static @Nullable OAuthState parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    RawObject state;
    try {
      state = RawObject.parse(RawJson.of(Base64.getUrlDecoder().decode(text)));
    } catch (IllegalArgumentException noBase64) {
      return null;
    }
    String session = state == null ? null : state.trimmedText("sessionId");
    String nonce = state == null ? null : state.trimmedText("nonce");
    return state == null || session == null || nonce == null || nonce.length() > MAX_NONCE
        ? null
        : new OAuthState(new SessionId(session), nonce, state.text("oauthState"));
  }
}
