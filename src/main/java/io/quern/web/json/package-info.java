/// Reading request bodies strictly: every mistake is told by line, column and JSON pointer.
@NullMarked
package io.quern.web.json;

import org.jspecify.annotations.NullMarked;
