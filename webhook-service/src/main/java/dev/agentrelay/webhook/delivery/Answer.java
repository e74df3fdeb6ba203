package dev.agentrelay.webhook.delivery;

/**
 * What a sender is told.
 *
 * @param body JSON
 */
public record Answer(int status, String body) {}
