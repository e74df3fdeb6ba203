package dev.agentrelay.webhook.signature;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** GitLab shows the secret itself, and names event and delivery in headers. */
record GitLabScheme() implements Scheme {
  private static final String TOKEN = "X-Gitlab-Token";

  @Override
  public boolean isIn(SignedRequest request) {
    return request.header(TOKEN) != null;
  }

  @Override
  public Proof verify(SignedRequest request, SigningKeys keys, Instant now) {
    String token = request.header(TOKEN);
    if (token == null || !Hmac.matches(keys.all(), List.of(token), key -> key)) {
      throw SignatureRefused.invalid();
    }
    return new Proof(SchemeName.GITLAB.text(), null);
  }

  @Override
  public String eventType(SignedRequest request, ObjectNode body) {
    String event = request.header("X-Gitlab-Event");
    return event == null ? NO_TYPE : event;
  }
}
