package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.tunnel.rewrite.TunnelUrls;
import dev.agentrelay.tunnel.wire.RelayFrames.Opening;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/** How one app is shown: what it is told of a viewer, and what the viewer gets to see of it. */
interface TunnelView {

  /**
   * What is asked of the app.
   *
   * @throws dev.agentrelay.platform.error.RelayException when a header could not be sent
   */
  Opening opening(HttpServerRequest request, boolean upgrade);

  /** Sets status and headers of the answer from the app's. */
  void begin(RunnerFrame.ResponseStart start, HttpServerResponse response);

  /** Where the app's addresses are, if they are to be rewritten in its answers. */
  Optional<TunnelUrls> urls();
}
