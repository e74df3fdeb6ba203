package dev.agentrelay.auth.apikey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.platform.http.JsonBody;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a new key shall be like (rest.md 2.4, B6).
 *
 * @param lasts absent for a key that does not expire
 */
record KeyRequest(@Nullable String name, @Nullable String prefix, @Nullable Duration lasts) {
  private static final int LONGEST_NAME = 32;
  private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9_-]{1,32}");
  private static final Duration SHORTEST_LIFE = Duration.ofDays(1);
  private static final Duration LONGEST_LIFE = Duration.ofDays(365);
  private static final Set<String> SERVER_ONLY =
      Set.of(
          "remaining",
          "refillAmount",
          "refillInterval",
          "rateLimitMax",
          "rateLimitTimeWindow",
          "rateLimitEnabled",
          "permissions");

  /** Reads the members; those with the wrong form are refused here, those out of bounds later. */
  static KeyRequest of(ObjectNode body) {
    if (isPresent(body.get("name")) && !body.path("name").isTextual()) {
      throw AuthException.validation("[body.name] Invalid input: expected string");
    }
    String prefix = JsonBody.text(body, "prefix");
    if (isPresent(body.get("prefix")) && (prefix == null || !PREFIX.matcher(prefix).matches())) {
      throw AuthException.validation(
          "[body.prefix] Invalid prefix format, must be alphanumeric and contain only underscores"
              + " and hyphens.");
    }
    return new KeyRequest(JsonBody.text(body, "name"), prefix, lasts(body.get("expiresIn")));
  }

  private static @Nullable Duration lasts(@Nullable JsonNode expiresIn) {
    if (expiresIn == null || expiresIn.isNull()) {
      return null;
    }
    if (!expiresIn.isNumber()) {
      throw AuthException.validation("[body.expiresIn] Invalid input: expected number");
    }
    if (expiresIn.doubleValue() < 1) {
      throw AuthException.validation("[body.expiresIn] Too small: expected number to be >=1");
    }
    // By way of a double, which becomes the greatest number where a long would start over.
    return Duration.ofSeconds((long) expiresIn.doubleValue());
  }

  private static boolean isPresent(@Nullable JsonNode value) {
    return value != null && !value.isNull();
  }

  /** Refuses members that only the server may set. */
  static void refuseServerOnly(ObjectNode body) {
    if (SERVER_ONLY.stream().anyMatch(body::has)) {
      throw AuthError
          .THE_PROPERTY_YOURE_TRYING_TO_SET_CAN_ONLY_BE_SET_FROM_THE_SERVER_AUTH_INSTANCE_ONLY
          .failure();
    }
  }

  void checkBounds() {
    if (name != null && name.length() > LONGEST_NAME) {
      throw AuthError.THE_NAME_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL.failure();
    }
    if (lasts != null && lasts.compareTo(SHORTEST_LIFE) < 0) {
      throw AuthError.THE_EXPIRESIN_IS_SMALLER_THAN_THE_PREDEFINED_MINIMUM_VALUE.failure();
    }
    if (lasts != null && lasts.compareTo(LONGEST_LIFE) > 0) {
      throw AuthError.THE_EXPIRESIN_IS_LARGER_THAN_THE_PREDEFINED_MAXIMUM_VALUE.failure();
    }
  }
}
