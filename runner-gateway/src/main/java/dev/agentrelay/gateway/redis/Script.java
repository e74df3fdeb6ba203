package dev.agentrelay.gateway.redis;

import dev.agentrelay.socketio.RawJson;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A Lua script that Redis runs as one step. */
public record Script(String source, String sha) {

  /** Reads the script from a file beside {@code owner}'s class file. */
  public static Script load(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the script " + file + " is missing beside " + owner);
      }
      String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      byte[] sha =
          MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
      return new Script(source, HexFormat.of().formatHex(sha));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  Request request(Command command, String scriptOrSha, List<String> keys, List<Object> arguments) {
    Request request = Request.cmd(command).arg(scriptOrSha).arg(keys.size());
    keys.forEach(request::arg);
    for (Object argument : arguments) {
      switch (argument) {
        case RawJson json -> request.arg(json.toByteArray());
        case Number number -> request.arg(number.longValue());
        default -> request.arg(argument.toString());
      }
    }
    return request;
  }

  static boolean isUnknown(Throwable failure) {
    String message = failure.getMessage();
    return message != null && message.startsWith("NOSCRIPT");
  }
}
