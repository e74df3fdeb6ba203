package dev.agentrelay.local.data;

import dev.agentrelay.testkit.stores.FreePorts;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;

/** Inner ports: the same as last time where they are still free. */
public final class Ports {
  private static final String FILE = "ports.properties";

  private final DataFolder folder;
  private final Properties remembered;
  private final Set<Integer> given = new HashSet<>();

  public Ports(DataFolder folder) {
    this.folder = folder;
    this.remembered = folder.read(FILE);
  }

  /** A free loopback port for that child. */
  public synchronized int of(String name) {
    int port = parse(remembered.getProperty(name, ""));
    while (port == 0 || given.contains(port) || !FreePorts.isFree(port)) {
      port = FreePorts.next();
    }
    given.add(port);
    remembered.setProperty(name, Integer.toString(port));
    folder.write(FILE, remembered);
    return port;
  }

  private static int parse(String text) {
    return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) < 65_536
        ? Integer.parseInt(text)
        : 0;
  }
}
