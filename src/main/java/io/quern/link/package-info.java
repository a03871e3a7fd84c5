/// Links: what carries messages between a boss and its employees, in order, both ways.
@NullMarked
package io.quern.link;

import org.jspecify.annotations.NullMarked;
