/// Tests of what is delivered: the jar, the scripts, the chart, the image and the README, each run
/// as a user would run it.
@NullMarked
package io.quern.delivery;

import org.jspecify.annotations.NullMarked;
