package dev.agentrelay.platform.live;

/** How much of a user is live at present. */
public record LiveCounts(long runners, long sessions) {}
