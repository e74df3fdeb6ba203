package dev.agentrelay.session.events;

import java.sql.SQLException;

/** The database has refused, or is away. */
final class DatabaseException extends RuntimeException {
  DatabaseException(SQLException cause) {
    super(cause);
  }
}
