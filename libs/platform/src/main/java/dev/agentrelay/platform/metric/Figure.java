package dev.agentrelay.platform.metric;

import java.util.Map;

/**
 * One number of a metric at one moment.
 *
 * @param name the name that Prometheus has for it; times are in seconds, counts grow from the start
 *     of the process
 */
public record Figure(String name, Map<String, String> tags, double value) {}
