package dev.agentrelay.local.data;

import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** Who runs on a data folder: the launcher itself and its children, each by id and start time. */
public final class RunningRelay {
  private static final String FILE = "running.properties";
  private static final String LAUNCHER = "launcher";
  private static final String URL = "url";
  private static final String CHILD = "child.";

  private final DataFolder folder;
  private final Properties kept = new Properties();

  private RunningRelay(DataFolder folder) {
    this.folder = folder;
  }

  /** Writes down that this process runs the relay. */
  public static RunningRelay announce(DataFolder folder, String url) {
    RunningRelay running = new RunningRelay(folder);
    running.kept.setProperty(LAUNCHER, ProcessRecord.of(ProcessHandle.current()).toString());
    running.kept.setProperty(URL, url);
    folder.write(FILE, running.kept);
    return running;
  }

  /** Writes down a child, in place of an earlier one of that name. */
  public synchronized void child(String name, ProcessHandle process) {
    kept.setProperty(CHILD + name, ProcessRecord.of(process).toString());
    folder.write(FILE, kept);
  }

  /** Everything was stopped. */
  public synchronized void over() {
    folder.delete(FILE);
  }

  /** The launcher that runs on that folder now, if any. */
  public static Optional<ProcessHandle> launcher(DataFolder folder) {
    return ProcessRecord.parse(folder.read(FILE).getProperty(LAUNCHER, ""))
        .flatMap(ProcessRecord::find);
  }

  public static Optional<String> url(DataFolder folder) {
    return Optional.ofNullable(folder.read(FILE).getProperty(URL));
  }

  /** Children written down there that still live. */
  public static Map<String, ProcessHandle> children(DataFolder folder) {
    Properties found = folder.read(FILE);
    Map<String, ProcessHandle> alive = new TreeMap<>();
    for (String key : found.stringPropertyNames()) {
      if (key.startsWith(CHILD)) {
        ProcessRecord.parse(found.getProperty(key))
            .flatMap(ProcessRecord::find)
            .ifPresent(process -> alive.put(key.substring(CHILD.length()), process));
      }
    }
    return alive;
  }
}
