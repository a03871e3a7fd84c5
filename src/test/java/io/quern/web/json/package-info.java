/// Tests of the package of the same name.
@NullMarked
package io.quern.web.json;

import org.jspecify.annotations.NullMarked;
