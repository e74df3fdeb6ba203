package dev.agentrelay.platform.report;

import dev.agentrelay.platform.metric.Figure;
import java.util.List;

/**
 * What one replica says of itself.
 *
 * @param startedAt when its process was ready, as ISO-8601 text
 * @param at when it said so, as ISO-8601 text
 * @param figures its metrics of that moment
 */
public record ReplicaReport(
    String service,
    String replica,
    String version,
    String startedAt,
    String at,
    List<Figure> figures) {}
