package dev.agentrelay.auth.account;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person's account. */
@Entity
public class Account {
  /** Characters of a name, which goes with every identity. */
  public static final int LONGEST_NAME = 200;

  /** Characters of a picture's address. */
  public static final int LONGEST_IMAGE = 2048;

  @Id public String id;

  /** In lower case. */
  @Column public String email;

  @Column public String name;
  @Column public @Nullable String image;

  @Column(name = "password_hash")
  public String passwordHash;

  @Column(name = "email_verified")
  public boolean emailVerified;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "updated_at")
  public Instant updatedAt;

  /** What sockets and lists show; the id where there is no name. */
  public String displayName() {
    return name.isBlank() ? id : name;
  }
}
