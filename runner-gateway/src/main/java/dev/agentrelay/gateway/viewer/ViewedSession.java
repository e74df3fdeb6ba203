package dev.agentrelay.gateway.viewer;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.socketio.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A live session with what a viewer needs to begin with.
 *
 * @param snapshotId ring id of the newest event to start from
 * @param heartbeat the last heartbeat event
 * @param overlay metadata newer than the snapshot
 */
record ViewedSession(
    LiveSession live,
    @Nullable String snapshotId,
    @Nullable RawJson heartbeat,
    @Nullable RawObject overlay) {}
