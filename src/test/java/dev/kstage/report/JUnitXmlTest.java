package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class JUnitXmlTest {
    private static Element parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)))
                .getDocumentElement();
    }

    @Test
    void has_a_case_for_each_check() {
        List<Check> checks = List.of(
                new Check("nothing lost", true, "0 of 9 events missing"),
                new Check("nothing mismatched", false, "2 of 9 events different"));

        String xml = JUnitXml.document("kstage smoke", checks, Duration.ofMillis(1234), text -> text);

        assertThat(xml).isEqualTo("""
                        <?xml version="1.0" encoding="UTF-8"?>
                        <testsuite name="kstage smoke" tests="2" failures="1" errors="0" skipped="0" time="1.234">
                          <testcase classname="kstage smoke" name="nothing lost"></testcase>
                          <testcase classname="kstage smoke" name="nothing mismatched"><failure message="2 of 9 events different"></failure></testcase>
                        </testsuite>
                        """);
    }

    @Test
    void is_read_back_by_a_parser() throws Exception {
        String xml = JUnitXml.document("s", List.of(new Check("a", false, "why")), Duration.ZERO, text -> text);

        Element suite = parsed(xml);

        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(((Element) suite.getElementsByTagName("failure").item(0)).getAttribute("message"))
                .isEqualTo("why");
    }

    @Test
    void keeps_characters_that_mean_something_in_xml() throws Exception {
        String detail = "<b attr=\"x\"> & 'y' ]]> é 🙂";

        Element suite =
                parsed(JUnitXml.document("s", List.of(new Check("a", false, detail)), Duration.ZERO, text -> text));

        assertThat(((Element) suite.getElementsByTagName("failure").item(0)).getAttribute("message"))
                .isEqualTo(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u001b[31m", "\r\n\t", "\u007f\u0085", "\ud800", "\udc00x", "\ufffe", "\uffff"})
    void stays_well_formed_whatever_a_detail_holds(String detail) throws Exception {
        Element suite =
                parsed(JUnitXml.document("s", List.of(new Check("a", false, detail)), Duration.ZERO, text -> text));

        assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(1);
    }

    @Test
    void escapes_control_characters_in_a_detail() throws Exception {
        Element suite = parsed(
                JUnitXml.document("s", List.of(new Check("a", false, "\u001b[2J\n")), Duration.ZERO, text -> text));

        assertThat(((Element) suite.getElementsByTagName("failure").item(0)).getAttribute("message"))
                .isEqualTo("\\x1b[2J\\x0a");
    }

    @Test
    void is_well_formed_without_a_check() throws Exception {
        assertThat(parsed(JUnitXml.document("s", List.of(), Duration.ZERO, text -> text))
                        .getAttribute("tests"))
                .isEqualTo("0");
    }

    @Test
    void takes_secrets_out_of_names_and_details_and_stays_xml() throws Exception {
        List<Check> checks = List.of(new Check("all of name", false, "a name & <name>"));

        Element suite = parsed(JUnitXml.document("s", checks, Duration.ZERO, text -> text.replace("name", "***")));

        Element testcase = (Element) suite.getElementsByTagName("testcase").item(0);
        assertThat(testcase.getAttribute("name")).isEqualTo("all of ***");
        assertThat(((Element) testcase.getElementsByTagName("failure").item(0)).getAttribute("message"))
                .isEqualTo("a *** & <***>");
    }
}
