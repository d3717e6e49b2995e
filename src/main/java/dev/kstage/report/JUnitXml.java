package dev.kstage.report;

import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes checks as JUnit XML for CI servers: one test case per check. */
public final class JUnitXml {
    private JUnitXml() {}

    /**
     * @param suite the name of the suite
     * @param checks one test case each
     * @param time the duration of the suite
     * @param redaction removes secrets from a text
     */
    public static String document(String suite, List<Check> checks, Duration time, UnaryOperator<String> redaction) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", suite);
            xml.writeAttribute("tests", String.valueOf(checks.size()));
            xml.writeAttribute(
                    "failures",
                    String.valueOf(
                            checks.stream().filter(check -> !check.passed()).count()));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0));
            for (Check check : checks) {
                writeCase(xml, suite, check, redaction);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.writeCharacters("\n");
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing XML to memory failed", e);
        }
        return text.toString();
    }

    private static void writeCase(XMLStreamWriter xml, String suite, Check check, UnaryOperator<String> redaction)
            throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", suite);
        xml.writeAttribute("name", legal(redaction.apply(Text.harmless(check.name()))));
        if (!check.passed()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", legal(redaction.apply(Text.harmless(check.detail()))));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** Replaces characters that XML 1.0 does not allow: halves of a surrogate pair, U+FFFE and U+FFFF. */
    private static String legal(String text) {
        return text.codePoints()
                .map(c -> (c >= 0xd800 && c <= 0xdfff) || c == 0xfffe || c == 0xffff ? 0xfffd : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
