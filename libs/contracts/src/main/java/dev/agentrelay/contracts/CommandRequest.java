package dev.agentrelay.contracts;

import java.time.Instant;

/**
 * A command on its way to the gateways, on {@link Topics#COMMANDS}.
 *
 * @param userId on whose behalf
 * @param deadline after this it is not begun any more
 * @param replyTo the topic that takes the {@link CommandAnswer}; see {@link Topics#answersFor}
 */
public record CommandRequest(
    CommandId commandId, UserId userId, Instant deadline, String replyTo, GatewayCommand command) {}
