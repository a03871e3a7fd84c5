/// Tests of the package of the same name.
@NullMarked
package io.quern.web.security;

import org.jspecify.annotations.NullMarked;
