package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/// Chooses the format of an answer by the request's `Accept` (RFC 9110, section 12.5.1).
final class Accept {
  static final MediaType QASM = MediaType.parseMediaType("text/x-qasm");

  private static final List<MediaType> JSON = List.of(MediaType.APPLICATION_JSON);

  private Accept() {}

  /// Checks that the client takes JSON.
  static void json(HttpServletRequest request) {
    choose(request, JSON);
  }

  /// The offered format with the highest quality; among equals the one offered first.
  ///
  /// @throws QuernException if the client takes none of them
  static MediaType choose(HttpServletRequest request, List<MediaType> offered) {
    String header = header(request);
    if (header == null || header.isBlank() || header.equals("*/*")) {
      return offered.getFirst();
    }
    List<MediaType> accepted;
    try {
      accepted = MediaType.parseMediaTypes(header);
    } catch (InvalidMediaTypeException e) {
      throw notAcceptable(header, offered);
    }
    MediaType best = null;
    double bestQuality = 0;
    for (MediaType offer : offered) {
      double quality = quality(offer, accepted);
      if (quality > bestQuality) {
        best = offer;
        bestQuality = quality;
      }
    }
    if (best == null) {
      throw notAcceptable(header, offered);
    }
    return best;
  }

  private static @Nullable String header(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders(HttpHeaders.ACCEPT);
    if (!headers.hasMoreElements()) {
      return null;
    }
    String first = headers.nextElement();
    if (!headers.hasMoreElements()) {
      return first;
    }
    StringJoiner all = new StringJoiner(",").add(first);
    headers.asIterator().forEachRemaining(all::add);
    return all.toString();
  }

  /// The most specific range that includes the offer decides.
  private static double quality(MediaType offer, List<MediaType> accepted) {
    int specificity = -1;
    double quality = 0;
    for (MediaType range : accepted) {
      int own = range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
      if (range.includes(offer) && own > specificity) {
        specificity = own;
        quality = range.getQualityValue();
      }
    }
    return quality;
  }

  private static QuernException notAcceptable(String header, List<MediaType> offered) {
    List<String> known = offered.stream().map(MediaType::toString).toList();
    String found = header.length() > 200 ? header.substring(0, 200) + "..." : header;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("found", found);
    details.put("known", known);
    return new QuernException(
        ErrorCode.NOT_ACCEPTABLE,
        "expected %s in Accept, found %s".formatted(String.join(" or ", known), found),
        details);
  }
}
