package dev.kstage.profile.format;

import dev.kstage.profile.format.RawProfile.Dialect;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a profile of another user may contain: no secrets, files, code, commands or addresses to fetch from. Only
 * known harmless properties are allowed, so that properties of later Kafka versions are rejected.
 */
public final class UntrustedProfileRules {
    private static final Pattern KEY = Pattern.compile("bootstrap\\.servers|metadata\\.broker\\.list"
            + "|client\\.id|client\\.rack|client\\.dns\\.lookup|group\\.id|group\\.instance\\.id|group\\.protocol"
            + "|security\\.protocol|sasl\\.mechanisms?|sasl\\.username|sasl\\.password"
            + "|ssl\\.ca\\.pem|ssl\\.truststore\\.(type|certificates)|ssl\\.protocol|ssl\\.enabled\\.protocols"
            + "|ssl\\.cipher\\.suites|ssl\\.endpoint\\.identification\\.algorithm"
            + "|acks|request\\.required\\.acks|retries|message\\.send\\.max\\.retries|partitioner|linger\\.ms|debug"
            + "|compression\\.(type|codec|([a-z0-9]+\\.)?level)|buffer\\.memory|isolation\\.level|auto\\.offset\\.reset|metadata\\.recovery\\.strategy"
            + "|enable\\.(idempotence|auto\\.commit|auto\\.offset\\.store|partition\\.eof|metrics\\.push"
            + "|ssl\\.certificate\\.verification)|allow\\.auto\\.create\\.topics|exclude\\.internal\\.topics|check\\.crcs"
            + "|api\\.version\\.request|broker\\.address\\.family|broker\\.version\\.fallback|log_level"
            + "|socket\\.[a-z]+\\.(enable|disable)|[a-z.]+\\.(ms|bytes|kbytes|records|messages|size|per\\.connection)");

    private UntrustedProfileRules() {}

    /** The first forbidden property of a file, with the reason to follow "and"; null if all are allowed. */
    public static @Nullable String firstThatIsNot(ProfileFile file) {
        for (Map.Entry<String, RawProfile> each : file.profiles().entrySet()) {
            RawProfile profile = each.getValue();
            for (Map.Entry<String, String> property : profile.properties().entrySet()) {
                boolean fillsIn = profile.dialect() == Dialect.KSTAGE
                        && property.getValue().contains("${");
                if (fillsIn || !KEY.matcher(property.getKey()).matches()) {
                    return "profile \"" + each.getKey() + "\" sets \"" + property.getKey() + "\""
                            + (fillsIn ? " to ${...}" : "");
                }
            }
        }
        return null;
    }
}
