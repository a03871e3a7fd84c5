/// Between the bytes of BQSKit's wire and its messages: pickles read and written without Python.
@NullMarked
package io.quern.bqskit.codec;

import org.jspecify.annotations.NullMarked;
