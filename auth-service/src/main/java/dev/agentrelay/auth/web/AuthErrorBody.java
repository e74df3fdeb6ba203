package dev.agentrelay.auth.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a failure under {@code /api/auth}.
 *
 * @param error the message again, on the few answers that have it upstream
 * @param details numbers for programs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuthErrorBody(
    String code, String message, @Nullable String error, @Nullable Map<String, Long> details) {}
