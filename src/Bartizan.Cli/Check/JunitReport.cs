using System.Globalization;
using System.Text;
using System.Xml;

namespace Bartizan.Cli.Check;

/// <summary>Findings as test results: a suite a file, a case a resource and check.</summary>
internal static class JunitReport
{
    public static string Write(CheckResult result)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            writer.WriteStartElement("testsuites");
            writer.WriteAttributeString("name", "bartizan check");
            var byFile = result.Findings.ToLookup(f => f.Resource.File, StringComparer.Ordinal);
            foreach (var file in result.Files)
            {
                Suite(writer, file.File, [.. byFile[file.File]]);
            }

            foreach (var unreadable in result.Unreadable)
            {
                writer.WriteStartElement("testsuite");
                Attributes(writer, ("name", "unreadable"), ("tests", "1"), ("failures", "0"), ("errors", "1"), ("skipped", "0"));
                writer.WriteStartElement("testcase");
                Attributes(writer, ("name", "reading"), ("classname", "unreadable"));
                writer.WriteStartElement("error");
                Attributes(writer, ("message", unreadable));
                writer.WriteEndElement();
                writer.WriteEndElement();
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Suite(XmlWriter writer, string file, List<Finding> findings)
    {
        writer.WriteStartElement("testsuite");
        Attributes(writer, ("name", file), ("tests", Number(findings.Count)), ("failures", Number(findings.Count(f => f.State == FindingState.Failed))), ("errors", "0"), ("skipped", Number(findings.Count(f => f.State == FindingState.Unknown))));
        foreach (var finding in findings)
        {
            writer.WriteStartElement("testcase");
            Attributes(writer, ("name", $"{finding.Resource.Address}: {finding.Rule.Id}"), ("classname", file), ("file", file), ("line", Number(finding.Resource.Line)));
            if (finding.State == FindingState.Failed)
            {
                writer.WriteStartElement("failure");
                Attributes(writer, ("message", finding.Rule.Title), ("type", finding.IsDenied ? "Deny" : finding.Rule.Severity));
                writer.WriteString(Clean($"{finding.Resource.File}:{finding.Resource.Line}: {finding.Reason}\n{string.Join('\n', finding.Rule.Remediation)}"));
                writer.WriteEndElement();
            }
            else if (finding.State == FindingState.Unknown)
            {
                writer.WriteStartElement("skipped");
                Attributes(writer, ("message", finding.Reason));
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void Attributes(XmlWriter writer, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            writer.WriteAttributeString(name, Clean(value));
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>XML has no way to write most control characters.</summary>
    private static string Clean(string text) => new([.. text.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD')]);
}
