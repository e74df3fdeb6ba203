package dev.agentrelay.webhook.signature;

import org.jspecify.annotations.Nullable;

/**
 * A request was signed by somebody who has the secret.
 *
 * @param verifiedBy the convention, as the ledger names it
 * @param nonce text that must not have been used before; absent where the convention has none
 */
public record Proof(String verifiedBy, @Nullable String nonce) {}
