package dev.agentrelay.gateway.attachment;

/**
 * An image that was found inside a transcript.
 *
 * @param id the same for the same bytes of the same user, so that an image is kept once however
 *     often it is sent
 * @param base64 its bytes, without a data URI's prefix
 */
public record InlineImage(String id, String mediaType, String base64) {}
