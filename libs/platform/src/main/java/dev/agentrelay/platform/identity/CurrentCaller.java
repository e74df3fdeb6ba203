package dev.agentrelay.platform.identity;

import dev.agentrelay.contracts.UserId;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** The caller of the REST request being answered, on resources that require one. */
@RequestScoped
public class CurrentCaller {
  private @Nullable Caller caller;

  /**
   * @throws IllegalStateException on a resource that requires no caller
   */
  public Caller get() {
    if (caller == null) {
      throw new IllegalStateException("this resource does not require a caller");
    }
    return caller;
  }

  public UserId userId() {
    return get().userId();
  }

  void set(Caller caller) {
    this.caller = caller;
  }
}
