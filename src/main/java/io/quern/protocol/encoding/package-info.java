/// How messages and the values in them become bytes, for links between processes; the format is
/// described in `link.proto`.
@NullMarked
package io.quern.protocol.encoding;

import org.jspecify.annotations.NullMarked;
