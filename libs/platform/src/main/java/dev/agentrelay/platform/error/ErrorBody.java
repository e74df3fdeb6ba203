package dev.agentrelay.platform.error;

/**
 * The body of every JSON failure.
 *
 * @param error text for people
 * @param code what programs switch on
 */
public record ErrorBody(String error, String code) {}
