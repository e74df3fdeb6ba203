package dev.agentrelay.contracts;

/** A language model by its provider and id. */
public record Model(String provider, String id) {}
