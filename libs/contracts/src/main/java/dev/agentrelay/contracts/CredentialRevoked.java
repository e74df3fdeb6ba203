package dev.agentrelay.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential must not be believed any longer.
 *
 * @param credentialHash unpadded base64url of SHA-256 over the credential; absent when every
 *     credential of the user is meant
 */
public record CredentialRevoked(UserId userId, @Nullable String credentialHash, Instant at) {}
