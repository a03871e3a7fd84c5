/// The HTTP front: calls, streams, security, problem details and their description.
@NullMarked
package io.quern.web;

import org.jspecify.annotations.NullMarked;
