package dev.agentrelay.gateway.terminal;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.contracts.UserId;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a terminal on every replica.
 *
 * @param cwd where its shell starts; absent for the runner's own choice
 * @param cols its width in characters as it was asked for, until a viewer says better
 * @param ended whether its shell has ended
 */
record TerminalRecord(
    TerminalId id,
    RunnerId runner,
    UserId user,
    @Nullable String cwd,
    long cols,
    long rows,
    boolean ended) {}
