package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.tunnel.rewrite.BodyRewriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;

/**
 * The body of an app's answer on its way to the viewer. One that ends too early looks broken off to
 * the viewer, too. Lives on the viewer's event loop.
 */
final class AnswerBody {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final HttpServerResponse response;
  private final Backlog backlog;
  private final Optional<BodyRewriter> rewriter;
  private final boolean bodiless;
  private final long declaredLength;
  private final Runnable onBroken;
  private final SpillQueue waiting;
  private long length;
  private boolean ending;
  private boolean closed;

  /**
   * Begins an answer whose status and headers are set.
   *
   * @param onBroken run when the answer cannot be completed
   */
  AnswerBody(
      HttpServerRequest request,
      Optional<BodyRewriter> rewriter,
      Backlog backlog,
      Runnable onBroken,
      SpillSpace space) {
    this.response = request.response();
    this.backlog = backlog;
    this.onBroken = onBroken;
    int status = response.getStatusCode();
    boolean neverLong = status == NO_CONTENT || status == NOT_MODIFIED;
    this.bodiless = neverLong || request.method().equals(HttpMethod.HEAD);
    this.rewriter = bodiless ? Optional.empty() : rewriter;
    List<String> declared = response.headers().getAll(HttpHeaders.CONTENT_LENGTH);
    boolean isNumber = declared.size() == 1 && declared.getFirst().matches("\\d{1,18}");
    if (neverLong || !isNumber) {
      response.headers().remove(HttpHeaders.CONTENT_LENGTH);
    }
    this.declaredLength = isNumber && !bodiless ? Long.parseLong(declared.getFirst()) : -1;
    this.waiting = space.queue(backlog::went, this::writeWaiting, onBroken);
    response.drainHandler(room -> writeWaiting());
    if (!bodiless) {
      if (declaredLength < 0) {
        response.setChunked(true);
      }
      // Now: the viewer of an event stream waits for the head, not for the first event.
      response.writeHead();
    }
  }

  void write(Buffer bytes) {
    if (bodiless || ending || closed) {
      backlog.went(bytes.length());
    } else if (rewriter.isPresent()) {
      backlog.went(bytes.length());
      Buffer rewritten = rewriter.get().feed(bytes);
      backlog.came(rewritten.length());
      pass(rewritten);
    } else {
      pass(bytes);
    }
  }

  private void pass(Buffer bytes) {
    length += bytes.length();
    if (declaredLength >= 0 && length > declaredLength) {
      backlog.went(bytes.length());
      onBroken.run();
    } else if (waiting.isEmpty() && !response.writeQueueFull()) {
      backlog.went(bytes.length());
      if (bytes.length() > 0) {
        response.write(bytes);
      }
    } else {
      waiting.add(bytes);
    }
  }

  private void writeWaiting() {
    while (!closed && !response.writeQueueFull()) {
      Buffer next = waiting.poll();
      if (next == null) {
        break;
      }
      response.write(next);
    }
    if (ending && !closed && waiting.isEmpty()) {
      complete();
    }
  }

  /** The app's answer is complete. */
  void end() {
    if (closed || ending) {
      return;
    }
    rewriter.ifPresent(
        last -> {
          Buffer rest = last.end();
          backlog.came(rest.length());
          pass(rest);
        });
    ending = true;
    writeWaiting();
  }

  private void complete() {
    if (declaredLength >= 0 && length < declaredLength) {
      breakOff();
    } else {
      close();
      response.end();
    }
  }

  /** Ends the answer so that it does not look complete. */
  void breakOff() {
    if (!closed) {
      close();
      response.reset();
    }
  }

  /** The viewer has left. */
  void abandon() {
    close();
  }

  private void close() {
    closed = true;
    waiting.close();
  }
}
