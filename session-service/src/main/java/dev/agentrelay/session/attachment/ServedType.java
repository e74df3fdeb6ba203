package dev.agentrelay.session.attachment;

import java.util.Set;

/**
 * How an attachment is shown: what a browser could run as a page of ours is only ever downloaded
 * (rest.md 5.2).
 *
 * @param disposition {@code inline} or {@code attachment}
 */
record ServedType(String mimeType, String disposition) {
  private static final Set<String> SAFE =
      Set.of(
          "image/png",
          "image/jpeg",
          "image/gif",
          "image/webp",
          "image/avif",
          "image/bmp",
          "image/x-icon",
          "image/vnd.microsoft.icon",
          "image/tiff",
          "application/pdf",
          "text/plain",
          "video/mp4",
          "video/webm",
          "audio/mpeg",
          "audio/ogg",
          "audio/wav");

  static ServedType of(String mimeType) {
    return SAFE.contains(mimeType)
        ? new ServedType(mimeType, "inline")
        : new ServedType("application/octet-stream", "attachment");
  }
}
