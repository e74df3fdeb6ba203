package dev.agentrelay.push.web;

import com.zerodeplibs.webpush.MessageEncryption;
import com.zerodeplibs.webpush.MessageEncryptions;
import com.zerodeplibs.webpush.PushMessage;
import com.zerodeplibs.webpush.UserAgentMessageEncryptionKeyInfo;
import dev.agentrelay.push.subscription.SubscriptionRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Encrypts what only one browser can read (RFC 8188, 8291). Thread-safe. */
@ApplicationScoped
public class BrowserEncryption {
  /** Why a notification to a browser with such keys has failed. */
  public static final String UNREADABLE_KEYS = "the subscription's keys cannot be read";

  private static final int SECRET_BYTES = 16;

  private final MessageEncryption library = MessageEncryptions.of();

  /** Whether the browser's keys are such that it can read anything. */
  public boolean isPossibleFor(SubscriptionRow browser) {
    return keys(browser) != null;
  }

  /** The body of a push message; {@code null} when the browser's keys cannot be read. */
  byte @Nullable [] encrypt(SubscriptionRow browser, String payload) {
    UserAgentMessageEncryptionKeyInfo keys = keys(browser);
    return keys == null ? null : library.encrypt(keys, PushMessage.ofUTF8(payload)).toBytes();
  }

  private static @Nullable UserAgentMessageEncryptionKeyInfo keys(SubscriptionRow browser) {
    try {
      byte[] secret = Base64.getUrlDecoder().decode(browser.auth());
      return secret.length == SECRET_BYTES
          ? UserAgentMessageEncryptionKeyInfo.of(browser.p256dh(), browser.auth())
          : null;
    } catch (RuntimeException unreadable) {
      // the library has several kinds of failure for text that is no key on the curve
      return null;
    }
  }
}
