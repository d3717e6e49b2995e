/** Connection profiles: formats, precedence, secrets and their redaction. */
@NullMarked
package dev.kstage.profile;

import org.jspecify.annotations.NullMarked;
