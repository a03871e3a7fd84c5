/// Workers: one execution slot each, the runtime tasks on it, their mailboxes, and the handle by
/// which a running function asks for more.
@NullMarked
package io.quern.worker;

import org.jspecify.annotations.NullMarked;
