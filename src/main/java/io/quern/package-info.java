/// The program itself: the one entry point that picks a role.
@NullMarked
package io.quern;

import org.jspecify.annotations.NullMarked;
