/// Failures as RFC 9457 problem details, and the pages their types lead to.
@NullMarked
package io.quern.web.problem;

import org.jspecify.annotations.NullMarked;
