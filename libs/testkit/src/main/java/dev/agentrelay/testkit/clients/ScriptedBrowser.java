package dev.agentrelay.testkit.clients;

/**
 * A browser tab (sockets.md 1.2): runner feed, hub and viewer on one shared connection that starts
 * as polling and upgrades to WebSocket.
 */
public final class ScriptedBrowser implements AutoCloseable {
  private final ScriptedRunnerFeed runners;
  private final ScriptedHub hub;
  private final ScriptedViewer viewer;

  private ScriptedBrowser(ClientOptions options) {
    Wire wire = new Wire(options.withTransports("polling", "websocket"));
    runners = new ScriptedRunnerFeed(options, namespace(wire, options, "/runners"));
    hub = new ScriptedHub(options, namespace(wire, options, "/hub"));
    viewer = new ScriptedViewer(options, namespace(wire, options, "/viewer"));
  }

  /** Connects and waits until all three namespaces are joined and both feeds have their list. */
  public static ScriptedBrowser connect(ClientOptions options) {
    ScriptedBrowser browser = new ScriptedBrowser(options);
    browser.runners.socket().awaitConnected().await("runners");
    browser.hub.socket().awaitConnected().await("sessions");
    browser.viewer.socket().awaitConnected();
    return browser;
  }

  public ScriptedRunnerFeed runners() {
    return runners;
  }

  public ScriptedHub hub() {
    return hub;
  }

  public ScriptedViewer viewer() {
    return viewer;
  }

  @Override
  public void close() {
    viewer.close();
    hub.close();
    runners.close();
  }

  private static RelaySocket namespace(Wire wire, ClientOptions options, String name) {
    return new RelaySocket(wire, options, name, ScriptedViewer.browserAuth(options.apiKey()));
  }
}
