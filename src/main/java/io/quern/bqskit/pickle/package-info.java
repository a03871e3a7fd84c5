/// Python pickles as trees: read without making anything the sender chose, and written anew.
@NullMarked
package io.quern.bqskit.pickle;

import org.jspecify.annotations.NullMarked;
