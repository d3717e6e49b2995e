/** Topics, groups and open transactions, by requests of the admin client. */
@NullMarked
package dev.kstage.kafka.admin;

import org.jspecify.annotations.NullMarked;
