package dev.agentrelay.auth.web;

/** The failures of calls under {@code /api/auth} that have one fixed text (rest.md 2.4). */
public enum AuthError {
  MISSING_OR_NULL_ORIGIN(403, "Missing or null Origin"),
  INVALID_ORIGIN(403, "Invalid origin"),
  INVALID_CALLBACKURL(403, "Invalid callbackURL"),
  CROSSSITE_NAVIGATION_LOGIN_BLOCKED_THIS_REQUEST_APPEARS_TO_BE_A_CSRF_ATTACK(
      403, "Cross-site navigation login blocked. This request appears to be a CSRF attack."),
  PASSWORD_TOO_SHORT(400, "Password too short"),
  PASSWORD_TOO_LONG(400, "Password too long"),
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL(422, "User already exists. Use another email."),
  INVALID_EMAIL(400, "Invalid email"),
  INVALID_EMAIL_OR_PASSWORD(401, "Invalid email or password"),
  RESET_PASSWORD_ISNT_ENABLED(400, "Reset password isn't enabled"),
  EMAIL_CAN_NOT_BE_UPDATED(400, "Email can not be updated"),
  NO_FIELDS_TO_UPDATE(400, "No fields to update"),
  INVALID_PASSWORD(400, "Invalid password"),
  UNAUTHORIZED_OR_INVALID_SESSION(401, "Unauthorized or invalid session"),
  KEY_TOO_SHORT(403, "INVALID_API_KEY", "Invalid API key."),
  INVALID_API_KEY(401, "Invalid API key."),
  KEY_EXPIRED(401, "API Key has expired"),
  KEY_DISABLED(401, "API Key is disabled"),
  API_KEY_NOT_FOUND(404, "API Key not found"),
  NO_VALUES_TO_UPDATE(400, "No values to update."),
  THE_NAME_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL(
      400, "The name length is either too large or too small."),
  THE_EXPIRESIN_IS_SMALLER_THAN_THE_PREDEFINED_MINIMUM_VALUE(
      400, "The expiresIn is smaller than the predefined minimum value."),
  THE_EXPIRESIN_IS_LARGER_THAN_THE_PREDEFINED_MAXIMUM_VALUE(
      400, "The expiresIn is larger than the predefined maximum value."),
  THE_PROPERTY_YOURE_TRYING_TO_SET_CAN_ONLY_BE_SET_FROM_THE_SERVER_AUTH_INSTANCE_ONLY(
      400, "The property you're trying to set can only be set from the server auth instance only.");

  private final int status;
  private final String code;
  private final String message;

  AuthError(int status, String message) {
    this.status = status;
    this.code = name();
    this.message = message;
  }

  AuthError(int status, String code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String message() {
    return message;
  }

  public AuthException failure() {
    return new AuthException(status, code, message);
  }
}
