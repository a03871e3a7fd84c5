/// What servers, managers and workers say to each other, as values without any transport.
@NullMarked
package io.quern.protocol;

import org.jspecify.annotations.NullMarked;
