/// Who may call: loopback only without tokens, bearer tokens and tenants with them.
@NullMarked
package io.quern.web.security;

import org.jspecify.annotations.NullMarked;
