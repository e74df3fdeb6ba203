package dev.agentrelay.trigger.delivery;

import dev.agentrelay.contracts.GatewayCommand.Wake;
import org.jspecify.annotations.Nullable;

/**
 * A session of the caller that something is to be delivered to.
 *
 * @param wake where it is woken when its worker is away; absent when it is not
 * @param wakeRefused whether it was to be woken, and the runner it ran on is not the caller's
 */
public record Target(@Nullable Wake wake, boolean wakeRefused) {}
