package dev.agentrelay.platform.identity;

import dev.agentrelay.contracts.UserId;

/**
 * Somebody who has proven who they are.
 *
 * @param userName the display name; the id where the account has none
 */
public record Caller(UserId userId, String userName) {}
