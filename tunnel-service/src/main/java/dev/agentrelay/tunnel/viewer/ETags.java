package dev.agentrelay.tunnel.viewer;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.regex.Pattern;

/**
 * Entity tags of rewritten answers: weak, and others than the app's, so that a tag of another
 * version of the rewriter is not good; the app gets back its own.
 */
final class ETags {
  private static final String MARK = "-relay1";
  private static final Pattern MARKED = Pattern.compile("W/\"([^\"]*)" + MARK + "\"");

  private ETags() {}

  static void weaken(MultiMap headers) {
    String tag = headers.get(HttpHeaders.ETAG);
    if (tag == null) {
      return;
    }
    String opaque = tag.startsWith("W/") ? tag.substring(2) : tag;
    if (opaque.length() >= 2 && opaque.startsWith("\"") && opaque.endsWith("\"")) {
      headers.set(HttpHeaders.ETAG, "W/" + opaque.substring(0, opaque.length() - 1) + MARK + "\"");
    } else {
      headers.remove(HttpHeaders.ETAG);
    }
  }

  /** An {@code If-None-Match} header for the app, weak and strong, for it may have been either. */
  static String toApp(String ifNoneMatch) {
    return MARKED.matcher(ifNoneMatch).replaceAll("\"$1\", W/\"$1\"");
  }
}
