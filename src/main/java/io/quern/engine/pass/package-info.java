/// Passes, the data they leave each other, and the runtime they may ask for help.
@NullMarked
package io.quern.engine.pass;

import org.jspecify.annotations.NullMarked;
