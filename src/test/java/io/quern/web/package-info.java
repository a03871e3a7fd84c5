/// The HTTP front, asked as clients ask it.
@NullMarked
package io.quern.web;

import org.jspecify.annotations.NullMarked;
