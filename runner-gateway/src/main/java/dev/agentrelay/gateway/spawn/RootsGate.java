package dev.agentrelay.gateway.spawn;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Whether a path lies in one of a runner's folders (rest.md 1.3). By the text alone: the runner
 * looks again with links resolved.
 */
public final class RootsGate {
  private RootsGate() {}

  /**
   * Whether {@code path} is one of the roots or below one; a runner without roots admits
   * everything.
   */
  public static boolean admits(List<String> roots, String path) {
    if (roots.isEmpty()) {
      return true;
    }
    String wanted = normal(path);
    return roots.stream().map(RootsGate::normal).anyMatch(root -> contains(root, wanted));
  }

  private static boolean contains(String root, String path) {
    return root.equals("/") || path.equals(root) || path.startsWith(root + "/");
  }

  /**
   * Forward slashes, {@code .} and {@code ..} resolved, no slash at the end, a drive's path in
   * lower case.
   */
  private static String normal(String path) {
    String forward = path.replace('\\', '/');
    boolean absolute = forward.startsWith("/");
    Deque<String> parts = new ArrayDeque<>();
    for (String part : forward.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    String normal = (absolute ? "/" : "") + String.join("/", parts);
    return isDrive(normal) ? normal.toLowerCase(Locale.ROOT) : normal;
  }

  private static boolean isDrive(String path) {
    return path.length() >= 2 && path.charAt(1) == ':' && Character.isLetter(path.charAt(0));
  }
}
