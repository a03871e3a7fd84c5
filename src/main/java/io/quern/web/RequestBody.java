package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/// The body of a request as text, taken from the raw stream.
///
/// @param isJson whether it is an object of JSON; bare OpenQASM otherwise
/// @param hash SHA-256 of body and query, by which a repeated request is told from another
record RequestBody(String text, boolean isJson, String hash) {
  /// curl names every body a form, and many clients name none or bytes.
  private static final Set<String> ACCEPTED =
      Set.of(
          "application/json",
          "text/x-qasm",
          "text/plain",
          "application/x-www-form-urlencoded",
          "application/octet-stream");

  /// How long a body beyond one slice may take to come in.
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int SLICE = 64 << 10;

  static final String KEY_HEADER = "Idempotency-Key";

  private static final List<String> KNOWN = ACCEPTED.stream().sorted().toList();

  /// Hears how long a body has become, before more of it is kept.
  interface Growth {
    void reach(long bytes) throws InterruptedException;
  }

  /// Reads the whole body.
  ///
  /// @param growth told while it comes in if it did not say its length
  /// @throws QuernException if it is too large, of a foreign type, or not UTF-8
  static RequestBody read(HttpServletRequest request, DataSize limit, Growth growth)
      throws IOException, InterruptedException {
    return read(request, limit, growth, System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime] tells it
  static RequestBody read(
      HttpServletRequest request, DataSize limit, Growth growth, LongSupplier nanoTime)
      throws IOException, InterruptedException {
    boolean declaredJson = checkType(request.getContentType());
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
      throw new QuernException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "expected a body as it is (Content-Encoding: identity), found " + encoding,
          Map.of("found", encoding, "known", List.of("identity")));
    }
    byte[] bytes = readBytes(request, limit.toBytes(), growth, nanoTime);
    String text = decode(bytes);
    return new RequestBody(text, isJson(text, declaredJson), hash(bytes, request));
  }

  private static boolean checkType(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return false;
    }
    MediaType type;
    try {
      type = MediaType.parseMediaType(header);
    } catch (InvalidMediaTypeException e) {
      throw foreignType(header);
    }
    String name = (type.getType() + "/" + type.getSubtype());
    if (!ACCEPTED.contains(name)) {
      throw foreignType(header);
    }
    String charset = type.getParameter("charset");
    if (charset != null && !charset.replace("\"", "").equalsIgnoreCase("utf-8")) {
      throw foreignType(header);
    }
    return name.equals("application/json");
  }

  private static QuernException foreignType(String found) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("found", found);
    details.put("known", KNOWN);
    return new QuernException(
        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
        "expected JSON or OpenQASM in UTF-8 (%s), found %s"
            .formatted(String.join(", ", KNOWN), found),
        details);
  }

  private static byte[] readBytes(
      HttpServletRequest request, long limit, Growth growth, LongSupplier nanoTime)
      throws IOException, InterruptedException {
    long declared = request.getContentLengthLong();
    if (declared > limit) {
      throw tooLarge(limit, declared + " bytes");
    }
    InputStream in = request.getInputStream();
    int most = Math.toIntExact(Math.min(limit + 1, Integer.MAX_VALUE - 8));
    byte[] bytes =
        declared >= 0 && declared <= SLICE
            ? in.readNBytes((int) declared)
            : declared >= 0
                ? readSlices(in, (int) declared, _ -> {}, nanoTime)
                : readSlices(in, most, growth, nanoTime);
    if (bytes.length > limit) {
      throw tooLarge(limit, "more");
    }
    if (declared > bytes.length) {
      throw new QuernException(
          ErrorCode.MALFORMED_REQUEST,
          "expected a body of %d bytes as Content-Length says, found %d"
              .formatted(declared, bytes.length));
    }
    return bytes;
  }

  /// Reads so many bytes, or up to the end. A large body that trickles in would keep room that
  /// others wait for.
  private static byte[] readSlices(InputStream in, int most, Growth growth, LongSupplier nanoTime)
      throws IOException, InterruptedException {
    long begun = nanoTime.getAsLong();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(SLICE);
    byte[] slice = new byte[SLICE];
    int read = in.read(slice, 0, Math.min(SLICE, most));
    while (read > 0) {
      growth.reach((long) bytes.size() + read);
      bytes.write(slice, 0, read);
      if (nanoTime.getAsLong() - begun > PATIENCE.toNanos()) {
        throw new QuernException(
            ErrorCode.MALFORMED_REQUEST,
            "expected the whole body within %d s, found %d bytes by then"
                .formatted(PATIENCE.toSeconds(), bytes.size()));
      }
      read = in.read(slice, 0, Math.min(SLICE, most - bytes.size()));
    }
    return bytes.toByteArray();
  }

  private static QuernException tooLarge(long limit, String found) {
    return new QuernException(
        ErrorCode.BODY_TOO_LARGE,
        "expected a body of at most %d bytes, found %s".formatted(limit, found),
        Map.of("limit", limit));
  }

  private static String decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = decoder.decode(in, chars, true);
    chars.flip();
    if (result.isError()) {
      throw notUtf8(chars.toString(), in.position(), bytes[in.position()] & 0xff);
    }
    return chars.length() > 0 && chars.charAt(0) == '\ufeff'
        ? chars.subSequence(1, chars.length()).toString()
        : chars.toString();
  }

  private static QuernException notUtf8(String before, int offset, int found) {
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    int column = before.length() - before.lastIndexOf('\n');
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("line", line);
    details.put("column", column);
    details.put("offset", offset);
    return new QuernException(
        ErrorCode.MALFORMED_REQUEST,
        "expected UTF-8, found the byte 0x%02x at line %d, column %d"
            .formatted(found, line, column),
        details);
  }

  /// The first significant character decides. A body declared as JSON that is no OpenQASM file
  /// either is judged as what it claims to be.
  private static boolean isJson(String text, boolean declaredJson) {
    int start = firstSignificant(text);
    if (start == text.length()) {
      return declaredJson;
    }
    return switch (text.charAt(start)) {
      case '{', '[', '"' -> true;
      default -> declaredJson && !text.startsWith("OPENQASM", start);
    };
  }

  private static int firstSignificant(String text) {
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
      } else {
        return at;
      }
    }
    return at;
  }

  private static String hash(byte[] bytes, HttpServletRequest request) {
    if (request.getHeader(KEY_HEADER) == null) {
      return "";
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      digest.update((byte) 0);
      String query = request.getQueryString();
      if (query != null) {
        digest.update(query.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
