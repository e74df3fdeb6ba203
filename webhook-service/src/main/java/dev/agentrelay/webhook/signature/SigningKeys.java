package dev.agentrelay.webhook.signature;

import java.util.List;
import java.util.stream.Stream;

/**
 * The secrets that a webhook's requests may be signed with.
 *
 * @param own the webhook's secret, and the one before for as long as it counts
 * @param senders the secret that the sender made up, if any
 */
public record SigningKeys(List<String> own, List<String> senders) {

  List<String> all() {
    return Stream.concat(own.stream(), senders.stream()).toList();
  }
}
