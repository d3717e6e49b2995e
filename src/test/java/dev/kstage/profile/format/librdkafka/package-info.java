/** Tests of how the cluster is chosen, and of secrets. */
@NullMarked
package dev.kstage.profile.format.librdkafka;

import org.jspecify.annotations.NullMarked;
