package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The params of the daemon's own schedule types, looked at before any others (rest.md 5.5). */
final class ScheduleParams {
  private static final int CRON_FIELDS = 5;
  private static final Pattern CRON_FIELD = Pattern.compile("[0-9*/?,\\-]+");
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern TIME_OF_DAY =
      Pattern.compile("\\d{1,2}:\\d{2}\\s*UTC", Pattern.CASE_INSENSITIVE);
  private static final Pattern INSTANT =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,3})?)?(?:Z|[+-]\\d{2}:\\d{2})");

  private ScheduleParams() {}

  /** Whether subscriptions of the type outlive their session. */
  static boolean isSchedule(String triggerType) {
    return triggerType.startsWith("time:");
  }

  /**
   * @param params what was sent; absent params are not looked at
   * @throws RelayException 400 when the daemon could not keep such a schedule
   */
  static void check(String triggerType, @Nullable JsonNode params) {
    if (params == null || params.isNull()) {
      return;
    }
    switch (triggerType) {
      case "time:cron" -> {
        if (!isCron(params.path("cron"))) {
          throw invalid("Invalid cron expression");
        }
      }
      case "time:at" -> {
        JsonNode at = params.path("at");
        if (at.isTextual() && !isTime(at.textValue())) {
          throw invalid("Invalid time; use ISO 8601 with timezone or HH:MMUTC");
        }
      }
      case "time:timer_fired" -> {
        if (!params.path("duration").isTextual()) {
          throw invalid("Invalid duration");
        }
      }
      default -> {
        // Other types have their definition alone.
      }
    }
  }

  private static boolean isCron(JsonNode cron) {
    if (!cron.isTextual()) {
      return false;
    }
    String[] fields = SPACE.split(cron.textValue().strip(), CRON_FIELDS + 1);
    if (fields.length != CRON_FIELDS) {
      return false;
    }
    for (String field : fields) {
      if (!CRON_FIELD.matcher(field).matches()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTime(String at) {
    return TIME_OF_DAY.matcher(at).matches() || INSTANT.matcher(at).matches();
  }

  private static RelayException invalid(String text) {
    return new RelayException(ErrorCode.INVALID_REQUEST, text);
  }
}
