package dev.agentrelay.auth.audit;

/** What is worth remembering of an account. */
public enum AuditAction {
  SIGNED_UP,
  SIGNED_IN,
  SIGN_IN_REFUSED,
  PASSWORD_CHANGED,
  PASSWORD_CHANGE_REFUSED,
  KEY_MADE,
  KEY_CHANGED,
  KEY_DELETED
}
