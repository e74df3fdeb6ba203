package dev.agentrelay.session.attachment;

import java.util.Locale;
import java.util.Map;
import org.apache.commons.fileupload.ParameterParser;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a part of a form says.
 *
 * @param field name of the form's field; empty when there is none
 * @param filename absent unless the part is a file
 * @param mimeType in lower case, without parameters
 */
record PartHeader(String field, @Nullable String filename, String mimeType) {
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  /** Reads {@code Content-Disposition} and {@code Content-Type} out of the part's header lines. */
  static PartHeader of(String lines) {
    String disposition = "";
    String type = "";
    String unfolded = lines.replaceAll("\\r?\\n[ \\t]+", " ");
    for (String line : unfolded.split("\n", -1)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
      switch (name) {
        case "content-disposition" -> disposition = line.substring(colon + 1).strip();
        case "content-type" -> type = line.substring(colon + 1);
        default -> {}
      }
    }
    Map<String, String> parameters = parameters(disposition);
    boolean form = disposition.toLowerCase(Locale.ROOT).startsWith("form-data");
    String field = form ? parameters.get("name") : null;
    String filename = parameters.get("filename");
    return new PartHeader(
        field == null ? "" : field.strip(),
        parameters.containsKey("filename") ? (filename == null ? "" : filename.strip()) : null,
        mimeType(type));
  }

  /** The boundary that a body's {@code Content-Type} names; absent when it is no multipart form. */
  static @Nullable String boundary(@Nullable String contentType) {
    return contentType != null
            && contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
        ? parameters(contentType).get("boundary")
        : null;
  }

  private static Map<String, String> parameters(String header) {
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    return parser.parse(header, ';');
  }

  private static String mimeType(String sent) {
    String type = sent.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.matches("[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+") ? type : UNKNOWN_TYPE;
  }
}
